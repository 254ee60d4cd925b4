// The verdict joins console, QMP and QEMU's status: none of them alone may decide.
#include <gmock/gmock.h>
#include <signal.h>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

class verdict : public fake_qemu_test {
  protected:
    static void expect_failure(const recorded_run& run, const std::string& outcome,
                               const std::string& reason) {
        EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.errors;
        EXPECT_EQ(run.result["outcome"], outcome);
        EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr(reason));
        EXPECT_THAT(run.end.output, HasSubstr(reason));
    }

    const std::string panic = "[   12.345678] Kernel panic - not syncing: Fatal exception\r\n";
    const std::vector<json> faulty_steps = {
        boot_step(), fault_step(), {{"name", "after"}, {"run", "true"}}};
};

TEST_F(verdict, a_panic_is_one_though_qemu_ends_with_status_0) {
    play_shell_then({print(panic), shutdown_event("guest-reset"), {{"exit", 0}}});
    const auto run = this->run(scenario(faulty_steps));
    expect_failure(run, "panicked", "Kernel panic - not syncing: Fatal exception");
    const auto failure = run.result["failures"][0];
    EXPECT_EQ(failure["title"], "Kernel panic - not syncing: Fatal exception");
    EXPECT_EQ(failure["step"], "fault");
    EXPECT_EQ(run.step("fault")["outcome"], "failed");
    EXPECT_EQ(run.step("after")["outcome"], "not_run");
}

TEST_F(verdict, a_guest_that_panics_and_stays_is_stopped) {
    play_shell_then({print(panic), {{"stay", true}}});
    const auto run = this->run(scenario(faulty_steps));
    expect_failure(run, "panicked", "step \"fault\"");
    EXPECT_EQ(run.event("machine_ended")["signalled"], false) << "asked to quit, not killed";
}

TEST_F(verdict, an_oops_fails_the_run_though_the_guest_goes_on) {
    play_shell_then({print("[   12.345678] Oops [#1]\r\n"), shell_action()});
    auto steps = faulty_steps;
    steps[1]["run"] = "echo here is the fault";
    expect_failure(run(scenario(steps)), "panicked", "Oops");
}

TEST_F(verdict, the_words_of_an_oops_without_a_time_stamp_are_none_where_the_kernel_stamps) {
    play_shell_then({print("Oops [#1]\r\n"), shutdown_event("guest-reset"), {{"exit", 0}}});
    expect_failure(run(scenario(faulty_steps)), "reset", "the guest rebooted unasked");
}

TEST_F(verdict, an_oops_counts_where_the_guest_has_no_stty) {
    const auto no_stty = write("bin/stty", "#!/bin/sh\nexit 1\n");
    std::filesystem::permissions(no_stty, std::filesystem::perms::owner_all);
    play_shell_then({print("[   12.345678] Oops [#1]\r\n"), {{"stay", true}}});
    expect_failure(run(scenario(faulty_steps)), "panicked", "Oops");
}

TEST_F(verdict, the_words_of_a_panic_in_a_commands_output_are_no_panic) {
    play_guest({shell_action()});
    const auto run = this->run(scenario(
        {boot_step(),
         {{"run", "echo 'Kernel panic - not syncing: x'; echo '[    1.000000] BUG: y'"}}}));
    EXPECT_EQ(run.result["outcome"], "passed") << run.end.output;
}

TEST_F(verdict, a_reboot_unasked_is_a_reset) {
    play_shell_then({shutdown_event("guest-reset"), {{"exit", 0}}});
    expect_failure(run(scenario(faulty_steps)), "reset", "the guest rebooted unasked");
}

TEST_F(verdict, a_failure_code_of_the_guest_is_told) {
    play_shell_then({shutdown_event("guest-panic"), {{"exit", 37}}});
    expect_failure(run(scenario(faulty_steps)), "failed", "failure code 37 during step \"fault\"");
}

TEST_F(verdict, a_poweroff_unasked_is_a_failure) {
    play_shell_then({shutdown_event("guest-shutdown"), {{"exit", 0}}});
    expect_failure(run(scenario(faulty_steps)), "failed", "powered itself off");
}

TEST_F(verdict, a_poweroff_that_was_asked_for_passes) {
    play_shell_then({shutdown_event("guest-shutdown"), {{"exit", 0}}});
    const auto run = this->run(scenario({boot_step(), {{"poweroff", true}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output;
    EXPECT_EQ(run.step("poweroff")["outcome"], "passed");
}

TEST_F(verdict, a_reboot_in_place_of_the_poweroff_is_a_reset) {
    play_shell_then({shutdown_event("guest-reset"), {{"exit", 0}}});
    expect_failure(run(scenario({boot_step(), {{"poweroff", true}}})), "reset", "\"poweroff\"");
}

TEST_F(verdict, a_bad_status_of_qemu_after_the_poweroff_is_an_infra_error) {
    play_shell_then({shutdown_event("guest-shutdown"), {{"exit", 1}}});
    const auto run = this->run(scenario({boot_step(), {{"poweroff", true}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 6}));
    EXPECT_EQ(run.result["outcome"], "infra_error");
}

TEST_F(verdict, a_panic_on_the_way_down_spoils_the_poweroff) {
    play_shell_then({print(panic), shutdown_event("guest-shutdown"), {{"exit", 0}}});
    expect_failure(run(scenario({boot_step(), {{"poweroff", true}}})), "panicked", "\"poweroff\"");
}

TEST_F(verdict, no_step_can_stand_after_the_poweroff) {
    play_shell_then({shutdown_event("guest-shutdown"), {{"exit", 0}}});
    const auto file = scenario({boot_step(), {{"poweroff", true}}, {{"run", "false"}}});
    EXPECT_EQ(call({"run", file, "--kernel", "kernel", "--qemu", FAKE_QEMU}).status.code, 4);
}

TEST_F(verdict, a_qemu_that_crashes_after_a_failure_is_an_infra_error_that_mentions_it) {
    play_shell_then({{{"die", SIGSEGV}}});
    const auto run =
        this->run(scenario({boot_step(),
                            {{"name", "bad"}, {"run", "false"}, {"on_fail", "continue"}},
                            fault_step(),
                            {{"name", "after"}, {"run", "true"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 6})) << run.end.output;
    EXPECT_EQ(run.result["outcome"], "infra_error");
    const auto reason = run.result["reason"].get<std::string>();
    EXPECT_THAT(reason, HasSubstr("killed by signal 11"));
    EXPECT_THAT(reason, HasSubstr("(before that, step \"bad\": exit status 1, expected 0)"));
    EXPECT_EQ(run.step("after")["outcome"], "not_run");
}

TEST_F(verdict, a_wrong_exit_status_is_told_with_step_status_and_output) {
    play_guest({shell_action()});
    const auto run = this->run(
        scenario({boot_step(),
                  {{"name", "sums"}, {"run", "echo two and two are five; exit 3"}, {"exit", 0}}}));
    expect_failure(run, "failed", "step \"sums\": exit status 3, expected 0");
    EXPECT_THAT(run.end.output, HasSubstr("two and two are five"));
    EXPECT_THAT(run.end.output, HasSubstr(run.folder.filename().string()));
    EXPECT_EQ(run.step("sums")["exit"], 3);
}

TEST_F(verdict, a_commands_output_is_judged_and_recorded_as_a_person_reads_it) {
    play_guest({shell_action()});
    const auto run = this->run(scenario(
        {boot_step(),
         {{"name", "lines"},
          {"run", R"(printf 'HTTP/1.1 200 OK\r\n\033[1;32mPASS\033[0m tests\n0%%\r100%%\n')"},
          {"match", {"^HTTP/1.1 200 OK$", "^PASS tests$", "^100%$"}},
          {"capture", "(?P<status>\\d+) (?P<word>\\S*)$"},
          {"check", {"word == OK"}}},
         {{"name", "apart"},
          {"run", R"(printf '\033[31mno\033[0m\r\n' >&2)"},
          {"stderr", "apart"},
          {"match_stderr", "^no$"}},
         {{"name", "plan"},
          {"run", R"(printf 'TAP version 13\r\n1..3\r\nok 1 a\r\n')"},
          {"parse", "ktap"}}}));
    expect_failure(run, "failed", "step \"plan\": 1 of 3 planned tests came");
    EXPECT_EQ(run.step("lines")["output"], "HTTP/1.1 200 OK\nPASS tests\n100%\n");
    EXPECT_EQ(run.step("apart")["stderr"], "no\n");
    EXPECT_THAT(read_file(run.folder / "console.log"), HasSubstr("\x1b[1;32mPASS"));
    expect_the_same_when_replayed(run);
}

TEST_F(verdict, the_scenarios_timeout_is_not_taken_for_a_kernel_failure) {
    play_guest({shell_action()});
    const auto file = write(
        "test.json", dump({{"name", "test"},
                           {"timeout", "2s"},
                           {"steps",
                            {boot_step(),
                             {{"name", "long"}, {"run", "sleep 1000"}, {"on_fail", "continue"}},
                             {{"name", "after"}, {"run", "true"}}}}}));
    const auto run = this->run(file.string());
    EXPECT_EQ(run.step("long")["outcome"], "timed_out");
    EXPECT_EQ(run.step("after")["outcome"], "not_run") << run.step("after");
}

}  // namespace
}  // namespace qh::integration
