#include "run/guest/sigill_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

namespace qh {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// The trace of a SIGILL at 0x1010c.
failure_trace trace_of(const std::string& process, const std::string& file, std::uint32_t word) {
    return {
        "title",
        "",
        {fmt::format("{}: unhandled signal 4 code 0x1 at 0x1010c in {}[10c,10000+1000]", process,
                     file),
         "epc : 000000000001010c ra : 0000000000000000 sp : 0",
         fmt::format("status: 0000000200004020 badaddr: {:016x} cause: 0000000000000002", word)},
        false};
}

constexpr std::uint32_t vsetvli = 0x0c0072d7, unimp = 0xc0001073, sh1add = 0x20c5a533;

class sigill : public testing::Test {
  protected:
    explicit sigill(const std::string& cpu = "rv64") : watch(cpu) {
        for (const auto* name : {"m", "a", "f", "d", "c", "zba"}) watch.on_extension(name, true);
        for (const auto* name : {"v", "zve32x", "zbkx"}) watch.on_extension(name, false);
    }

    std::string text(const failure_trace& trace) { return (*watch.on_trace(trace))["text"]; }

    sigill_watch watch;
};

TEST_F(sigill, names_file_instruction_extension_and_both_remedies) {
    watch.on_init("/init");
    const auto told = watch.on_trace(trace_of("init[1]", "busybox", vsetvli));
    EXPECT_EQ(*told, json({{"process", "init"},
                           {"file", "busybox"},
                           {"pc", "0x1010c"},
                           {"word", "0x0c0072d7"},
                           {"instruction", "vsetvli"},
                           {"extension", "v"},
                           {"cpu", "rv64,v=true"},
                           {"text",
                            "SIGILL in /init (busybox): vsetvli of the vector extension (v) at pc "
                            "0x1010c; -cpu rv64 lacks it: run with --cpu rv64,v=true, or build the "
                            "file without it (-march=rv64gc)"}}));
}

TEST_F(sigill, names_a_program_and_the_library_that_it_died_in) {
    const auto place = [&](const char* process, const char* file) {
        const auto said = text(trace_of(process, file, vsetvli));
        return said.substr(0, said.find(": "));
    };
    watch.on_init("/sbin/init");
    EXPECT_EQ(place("vtest[129]", "vtest"), "SIGILL in vtest");
    EXPECT_EQ(place("python3[9]", "libtorch_cpu.so"), "SIGILL in python3 (libtorch_cpu.so)");
    EXPECT_EQ(place("a-name-of-fifte[9]", "a-name-of-fifteen-and-more"),
              "SIGILL in a-name-of-fifteen-and-more");
    EXPECT_EQ(place("init[1]", "init"), "SIGILL in /sbin/init");
    EXPECT_EQ(place("systemd[1]", "systemd"), "SIGILL in systemd");
}

TEST_F(sigill, an_extension_that_the_cpu_has_is_not_advised) {
    const auto told = watch.on_trace(trace_of("a[9]", "a", sh1add));
    EXPECT_FALSE(told->contains("cpu"));
    EXPECT_THAT(told->at("text").get<std::string>(),
                HasSubstr("-cpu rv64 has it: this encoding of it must be a reserved one"));
    watch.on_extension("v", true);
    const auto vector = text(trace_of("a[9]", "a", vsetvli));
    EXPECT_THAT(vector, HasSubstr("-cpu rv64 has it: the kernel has not enabled it"));
    EXPECT_THAT(vector, HasSubstr("CONFIG_RISCV_ISA_V"));
}

TEST_F(sigill, any_extension_with_the_instruction_will_do) {
    watch.on_extension("zbkb", true);
    const auto told = watch.on_trace(trace_of("a[9]", "a", 0x40c5f533));  // andn: zbb or zbkb
    EXPECT_EQ(told->at("extension"), "zbkb");
    EXPECT_FALSE(told->contains("cpu"));
}

TEST_F(sigill, what_qemu_did_not_say_is_not_claimed) {
    const auto told = text(trace_of("a[9]", "a", 0x0ec5d533));  // czero.eqz
    EXPECT_THAT(told, HasSubstr("QEMU did not say whether -cpu rv64 has it; if not, run with --cpu "
                                "rv64,zicond=true"));
}

TEST_F(sigill, deliberate_and_unknown_instructions_get_no_extension) {
    EXPECT_THAT(text(trace_of("a[9]", "a", unimp)), HasSubstr("illegal on every CPU"));
    const auto unknown = watch.on_trace(trace_of("a[9]", "a", 0x0000000b));
    EXPECT_FALSE(unknown->contains("extension"));
    EXPECT_THAT(unknown->at("text").get<std::string>(),
                HasSubstr("0x0000000b at pc 0x1010c, an instruction that qharness does not know"));
}

TEST_F(sigill, the_first_explanation_is_the_steps) {
    EXPECT_EQ(watch.this_step(), "");
    text(trace_of("one[9]", "one", vsetvli));
    text(trace_of("two[9]", "two", vsetvli));
    EXPECT_THAT(watch.this_step(), HasSubstr("SIGILL in one"));
    watch.on_step_begun();
    EXPECT_EQ(watch.this_step(), "");
}

TEST_F(sigill, process_1_is_explained_by_its_panic) {
    const std::string panic = "Kernel panic - not syncing: Attempted to kill init! exitcode=0x";
    watch.on_init("/init");
    EXPECT_EQ(watch.of_init(panic + "4"), "SIGILL in /init: " + std::string(nothing_said));
    text(trace_of("other[9]", "other", vsetvli));
    EXPECT_THAT(watch.of_init(panic + "4"), EndsWith(std::string(nothing_said)));
    EXPECT_THAT(watch.of_init(panic + "8400"), HasSubstr("SIGILL in other"))
        << "a shell's status of it";
    text(trace_of("init[1]", "busybox", vsetvli));
    EXPECT_THAT(watch.of_init(panic + "4"), HasSubstr("SIGILL in /init (busybox): vsetvli"));
    EXPECT_EQ(watch.of_init(panic + "b"), "");
    EXPECT_EQ(watch.of_init("Kernel panic - not syncing: VFS"), "");
}

TEST_F(sigill, other_traces_are_none) {
    EXPECT_FALSE(watch.on_trace({"t", "", {"Oops [#1]"}, false}));
    EXPECT_EQ(watch.this_step(), "");
}

class sigill_on_a_hostile_cpu_string : public sigill {
  protected:
    sigill_on_a_hostile_cpu_string() : sigill("rv64,x={}\x1b[31m") {}
};

TEST_F(sigill_on_a_hostile_cpu_string, is_told_harmlessly) {
    EXPECT_THAT(text(trace_of("a[9]", "a", vsetvli)), Not(HasSubstr("\x1b")));
}

TEST(signal_of_init, is_the_low_bits_of_the_exit_code) {
    const std::string panic = "Kernel panic - not syncing: Attempted to kill init! exitcode=0x";
    EXPECT_EQ(signal_of_init(panic + "4"), SIGILL);
    EXPECT_EQ(signal_of_init(panic + "8b"), SIGSEGV) << "with a core dump";
    EXPECT_EQ(signal_of_init(panic + "300"), 0) << "exit 3";
    EXPECT_EQ(signal_of_init("Oops [#1]"), 0);
}

}  // namespace
}  // namespace qh
