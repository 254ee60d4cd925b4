// The kernel, the guest and QEMU go wrong while the engine runs a scenario.
#include "run/engine.hpp"
#include "run/engine_fixture.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto panic =
    "[   12.345678] Kernel panic - not syncing: sysrq triggered crash\r\n"
    "[   12.345679] CPU: 0 PID: 1\r\n";

class engine_failure : public test::engine_fixture {
  protected:
    engine_failure() {
        load(R"({"name": "boot", "boot": "shell"}, {"name": "work", "run": "x"},
                {"name": "off", "poweroff": true})");
    }

    verdict play_work(std::function<void()> work) {
        answers_ = {{{}, 0, std::move(work)}};
        boot();
        return play();
    }
};

TEST_F(engine_failure, panic_in_the_middle_of_a_run_step) {
    const auto result = play_work([this] { print(std::string("half a li") + panic); });
    EXPECT_EQ(result.outcome, run_outcome::panicked);
    EXPECT_EQ(result.reason,
              "Kernel panic - not syncing: sysrq triggered crash during step \"work\"");
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "work:failed", "off:not_run"));
    const auto failure = events_of("failure").at(0);
    EXPECT_EQ(failure["kind"], "panic");
    EXPECT_EQ(failure["step"], "work");
    EXPECT_EQ(failure["fatal"], true);
    EXPECT_EQ(events_of("step_finished")[1]["seconds"], 1.0) << "the trace gets a second";
    EXPECT_THAT(events_of("verdict")[0]["excerpt"].get<std::string>(), HasSubstr("CPU: 0 PID: 1"));
}

TEST_F(engine_failure, warnings_without_end_are_counted_and_hide_no_panic) {
    const auto result = play_work([this] {
        for (int i = 0; i < 300; ++i) {
            print("[   10.000000] ------------[ cut here ]------------\r\n");
            print(fmt::format("[   10.000001] WARNING: CPU: 0 PID: 1 at lib/w.c:{} w{}+0x1/0x2\r\n",
                              i, i));
            print("[   10.000002] ---[ end trace 0000000000000000 ]---\r\n");
        }
        print(panic);
    });
    EXPECT_EQ(result.outcome, run_outcome::panicked);
    const auto failures = events_of("failure");
    EXPECT_EQ(failures.size(), 201u);
    EXPECT_EQ(failures.back()["kind"], "panic");
    EXPECT_LE(events_of("failure_trace").size(), 201u);
    EXPECT_EQ(events_of("verdict").at(0)["failures_untold"], 100);
}

TEST_F(engine_failure, panic_followed_by_a_reset_is_a_panic) {
    EXPECT_EQ(play_work([this] {
                  print(panic);
                  shut_down("guest-reset");
                  end_qemu({});
              }).outcome,
              run_outcome::panicked);
}

TEST_F(engine_failure, panic_words_in_a_commands_output_are_none) {
    load(R"({"name": "boot", "boot": "shell"}, {"name": "work", "run": "dmesg"})");
    answers_ = {{"Kernel panic - not syncing: old\n[    1.000000] Oops [#1]\nBUG: x\n"}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_TRUE(events_of("failure").empty());
}

TEST_F(engine_failure, panic_behind_a_prompt) {
    load(R"({"name": "boot", "boot": "shell"}, {"name": "type", "send": "x<enter>"},
            {"name": "see", "expect": "never"})");
    replies_ = {{std::string("x\r\n~ # ") + panic}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::panicked);
    EXPECT_THAT(result.reason, HasSubstr("sysrq triggered crash during step \"see\""));
}

TEST_F(engine_failure, panic_in_a_guest_without_stty) {
    has_stty_ = false;
    EXPECT_EQ(play_work([this] { print(panic); }).outcome, run_outcome::panicked);
}

TEST_F(engine_failure, panic_at_boot) {
    print(panic);
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::panicked);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:failed", "work:not_run", "off:not_run"));
}

TEST_F(engine_failure, panic_after_the_last_step_while_the_machine_is_being_stopped) {
    load(R"({"name": "boot", "boot": "kernel"})");
    print("[    0.000000] Linux version 6.12\r\n");
    print(panic);
    EXPECT_EQ(play().outcome, run_outcome::panicked);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed"));
}

TEST_F(engine_failure, warning_is_noted_and_harms_nothing) {
    load(R"({"name": "boot", "boot": "shell"}, {"name": "work", "run": "x"})");
    print("[    0.500000] WARNING: CPU: 0 PID: 1 at kernel/x.c:1 f+0x1/0x2\r\n");
    answers_ = {{}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(events_of("failure").at(0)["kind"], "warning");
}

TEST_F(engine_failure, reset_unasked) {
    const auto result = play_work([this] {
        shut_down("guest-reset");
        end_qemu({});
    });
    EXPECT_EQ(result.outcome, run_outcome::reset);
    EXPECT_EQ(result.reason, "the guest rebooted unasked during step \"work\"");
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "work:failed", "off:not_run"));
}

TEST_F(engine_failure, qemu_killed) {
    const auto result = play_work([this] { end_qemu({true, 9}); });
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(result.reason, HasSubstr("was killed by signal 9"));
    EXPECT_THAT(result.reason, HasSubstr("\"work\""));
}

TEST_F(engine_failure, guest_powers_itself_off_too_early) {
    const auto result = play_work([this] {
        shut_down("guest-shutdown");
        end_qemu({});
    });
    EXPECT_EQ(result.outcome, run_outcome::failed);
    EXPECT_EQ(result.reason, "the guest powered itself off during step \"work\"");
}

TEST_F(engine_failure, poweroff_without_a_shutdown_event) {
    answers_ = {{}, {{}, 0, [this] { end_qemu({}); }}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "work:passed", "off:failed"));
}

TEST_F(engine_failure, poweroff_that_the_guest_cannot_do) {
    answers_ = {{}, {"poweroff: not found\n", 127}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::failed);
    EXPECT_THAT(result.reason, HasSubstr("the guest cannot power off: status 127"));
}

TEST_F(engine_failure, boot_that_stops_half_way) {
    cpu_share_ = 0.01;
    print("[    0.000000] Linux version 6.12\r\n");
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::hung);
    EXPECT_THAT(result.reason, HasSubstr("the boot got as far as \"kernel\""));
    EXPECT_EQ(typed_, "") << "no prompt, no typing";
}

TEST_F(engine_failure, prompt_buried_under_kernel_messages_is_asked_for) {
    print("[    1.000000] Run /init as init process\r\n~ # [    2.000000] late driver\r\n");
    answers_ = {{}, {{}, 0, power_off()}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_TRUE(typed_.starts_with("\r"));
}

TEST_F(engine_failure, something_like_a_prompt_does_not_keep_a_boot_to_login_busy) {
    load(R"({"name": "boot", "boot": "login", "timeout": "1m"})");
    print("[    1.000000] Run /init as init process\r\nStarting: 100% ");
    EXPECT_EQ(play().outcome, run_outcome::timed_out);
    EXPECT_THAT(typed_, testing::MatchesRegex("\r*")) << "only Enter, which may show a login";
}

TEST_F(engine_failure, expect_does_not_pass_by_what_comes_after_a_panic) {
    load(R"({"name": "see", "expect": "Z-4"})");
    print("[    2.000000] Kernel panic - not syncing: x\r\nZ-4\r\n");
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::panicked);
    EXPECT_THAT(step_outcomes(), ElementsAre("see:failed"));
}

TEST_F(engine_failure, expect_that_never_comes_says_what_it_waited_for) {
    load(R"({"name": "see", "expect": "Z-4", "timeout": "5s"})");
    EXPECT_THAT(play().reason, HasSubstr("/Z-4/ did not come: no end within 5.00 s"));
}

}  // namespace
}  // namespace qh
