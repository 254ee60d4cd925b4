#include "run/guest/program_fit.hpp"

#include <gmock/gmock.h>

namespace qh {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

key_program program(const std::string& role, std::string_view isa) {
    return {role, "/" + role + " in rootfs", with_implied(parse_isa_string(isa).names())};
}

/// A CPU of a QEMU that knows no other extensions.
std::optional<misfit> ask(program_fit& fit, const std::set<std::string>& on,
                          const std::set<std::string>& off) {
    cpu_properties cpu;
    for (const auto& name : on) cpu.extensions[name] = true;
    for (const auto& name : off) cpu.extensions[name] = false;
    cpu.vector_bits = 128;
    return fit.on_cpu(cpu);
}

const std::set<std::string> gc = {"i", "m", "a", "f", "d", "c", "zicsr", "zifencei"};
const std::set<std::string> vectors = {"v", "zve32x", "zba"};

TEST(program_fit, warns_of_what_programs_need_and_the_cpu_lacks) {
    program_fit fit(
        {program("init", "rv64gcv"), program("shell", "rv64gc_zba"), program("Python", "rv64gc")},
        "rv64,zba=false");
    const auto warning = ask(fit, gc, vectors);
    ASSERT_TRUE(warning);
    EXPECT_EQ(warning->text,
              "init, /init in rootfs, needs v; shell, /shell in rootfs, needs zba, and -cpu "
              "rv64,zba=false lacks it; --cpu rv64,zba=true,v=true has it");
    EXPECT_EQ(warning->programs.size(), 2u);
    EXPECT_EQ(warning->programs[0]["lacking"], json({"v"}));
    EXPECT_EQ(fit.of_init(), "/init in rootfs needs v, which -cpu rv64,zba=false lacks");
}

TEST(program_fit, says_nothing_where_all_is_there) {
    program_fit fit({program("init", "rv64gc_zihintpause_zkt")}, "rv64");
    EXPECT_FALSE(ask(fit, gc, vectors));
    EXPECT_EQ(fit.of_init(), "");
}

// sifive-u54 says yes to "a" and no to "zaamo".
TEST(program_fit, asks_for_what_has_the_parts_in_it) {
    program_fit fit({{"init", "/init", with_implied({"i", "zaamo", "zalrsc", "zmmul"})}},
                    "sifive-u54");
    EXPECT_THAT(fit.questions(), Contains("a"));
    EXPECT_FALSE(ask(fit, gc, {"zaamo", "zalrsc", "zmmul"}));
}

TEST(program_fit, asks_for_nothing_without_programs_or_that_is_no_property) {
    EXPECT_THAT(program_fit({}, "rv64").questions(), IsEmpty());
    program_fit fit({program("init", "rv64gcv_zvl256b_zkt")}, "rv64");
    for (const auto* name : {"zvl256b", "zvl128b", "zkt"})
        EXPECT_THAT(fit.questions(), Not(Contains(name)));
}

TEST(program_fit, says_nothing_where_qemu_does_not_answer) {
    program_fit fit({program("init", "rv64gcv")}, "rv64");
    EXPECT_FALSE(ask(fit, {}, {}));
}

}  // namespace
}  // namespace qh
