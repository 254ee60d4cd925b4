// Programs of the guest die of illegal instructions while the engine runs a scenario.
#include "run/engine.hpp"
#include "run/engine_fixture.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// What Linux 6.12 prints of a vsetvli, in the midst of which there may be other words.
std::string dump(const std::string& process, const std::string& file, double seconds) {
    std::string text;
    for (const auto& line :
         {fmt::format("{}: unhandled signal 4 code 0x1 at 0x000000000001010c in {}[10c,10000+1000]",
                      process, file),
          std::string("epc : 000000000001010c ra : 0000000000000000 sp : 00007fffc991e1d0"),
          std::string("status: 0000000200004020 badaddr: 000000000c0072d7 cause: "
                      "0000000000000002")})
        text += fmt::format("[{:12.6f}] {}\r\n", seconds += 0.000001, line);
    return text;
}

constexpr auto explained =
    "vsetvli of the vector extension (v) at pc 0x1010c; -cpu rv64 lacks it: run with --cpu "
    "rv64,v=true, or build the file without it (-march=rv64gc)";

class engine_sigill : public test::engine_fixture {
  protected:
    engine_sigill() {
        load(R"({"name": "boot", "boot": "shell"}, {"name": "work", "run": "x"},
                {"name": "off", "poweroff": true})");
        cpu_.extensions = {{"m", true}, {"a", true},  {"f", true},      {"d", true},
                           {"c", true}, {"v", false}, {"zve32x", false}};
    }
};

TEST_F(engine_sigill, a_step_that_dies_of_it_says_why) {
    answers_ = {{dump("vtest[129]", "vtest", 20) + "Illegal instruction\n", 132}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::crashed);
    EXPECT_EQ(result.reason, fmt::format("step \"work\": exit status 132 (SIGILL, illegal "
                                         "instruction), expected 0; SIGILL in vtest: {}",
                                         explained));
    EXPECT_EQ(events_of("failure_trace").at(0)["explanation"]["cpu"], "rv64,v=true");
}

TEST_F(engine_sigill, the_kernels_word_may_come_after_the_steps_result) {
    answers_ = {{{}, 132, {}, dump("vtest[129]", "vtest", 20)}};
    boot();
    EXPECT_THAT(play().reason, HasSubstr("expected 0; SIGILL in vtest: vsetvli"));
}

TEST_F(engine_sigill, the_kernels_word_is_not_awaited_for_long) {
    answers_ = {{{}, 132}};
    boot();
    EXPECT_THAT(play().reason, HasSubstr("the kernel did not print which instruction"));
    EXPECT_EQ(events_of("step_finished")[1]["seconds"], 0.5);
}

TEST_F(engine_sigill, a_step_that_fails_otherwise_tells_of_it_too) {
    answers_ = {{dump("cc1[77]", "cc1", 20) + "make: failed\n", 2}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::failed);
    EXPECT_THAT(result.reason,
                HasSubstr("exit status 2, expected 0: make: failed; SIGILL in cc1: vsetvli"));
}

TEST_F(engine_sigill, a_step_that_passes_is_not_harmed) {
    load(R"({"name": "boot", "boot": "shell"}, {"name": "probe", "run": "x", "exit": 132},
            {"name": "work", "run": "false"})");
    answers_ = {{dump("probe[7]", "probe", 20), 132}, {{}, 1}};
    boot();
    const auto result = play();
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "probe:passed", "work:failed"));
    EXPECT_THAT(result.reason, Not(HasSubstr("SIGILL"))) << "it was another step's";
}

TEST_F(engine_sigill, init_that_dies_of_it_crashes_the_run) {
    print("[    0.000000] Linux version 6.12\r\n[    1.000000] Run /init as init process\r\n");
    print(dump("init[1]", "busybox", 2));
    print(
        "[    2.500000] Kernel panic - not syncing: Attempted to kill init! "
        "exitcode=0x00000004\r\n");
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::crashed);
    EXPECT_EQ(result.reason,
              fmt::format("Kernel panic - not syncing: Attempted to kill init! exitcode=0x4 during "
                          "step \"boot\": SIGILL in /init (busybox): {}",
                          explained));
    EXPECT_THAT(events_of("failure").at(1)["explanation"]["text"].get<std::string>(),
                HasSubstr("SIGILL in /init (busybox)"));
}

TEST_F(engine_sigill, init_on_a_quiet_kernel_is_told_as_far_as_known) {
    print(
        "[    2.500000] Kernel panic - not syncing: Attempted to kill init! "
        "exitcode=0x00000004\r\n");
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::crashed);
    EXPECT_THAT(result.reason, HasSubstr("SIGILL in init: the kernel did not print which "
                                         "instruction; with --append loglevel=7 it does"));
}

TEST_F(engine_sigill, init_that_ends_by_itself_is_the_kernels_panic) {
    print(
        "[    2.500000] Kernel panic - not syncing: Attempted to kill init! "
        "exitcode=0x00000100\r\n");
    EXPECT_EQ(play().outcome, run_outcome::panicked);
}

}  // namespace
}  // namespace qh
