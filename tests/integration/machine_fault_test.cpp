// What QEMU may do wrong: each is QEMU's fault in the verdict, and never keeps a run from ending.
#include <gmock/gmock.h>
#include <signal.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

class machine_fault : public fake_qemu_test {};

void expect_infra_error(const recorded_run& run, const std::string& words) {
    EXPECT_EQ(run.end.status, (exit_status{false, 6})) << run.end.errors;
    EXPECT_EQ(run.result["outcome"], "infra_error");
    EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr(words));
    EXPECT_THAT(run.end.output, HasSubstr(words));
}

TEST_F(machine_fault, qemu_killed_in_mid_step_is_an_infra_error_that_names_the_step) {
    play_shell_then({{{"die", SIGKILL}}});
    const auto run = this->run(scenario({boot_step(), fault_step(), {{"run", "true"}}}));
    expect_infra_error(run, "killed by signal 9");
    EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr("step \"fault\""));
    EXPECT_EQ(run.step("fault")["outcome"], "failed");
    EXPECT_EQ(run.step("run true")["outcome"], "not_run");
}

TEST_F(machine_fault, qemu_crashing_in_mid_step_is_an_infra_error) {
    play_shell_then({{{"die", SIGSEGV}}});
    expect_infra_error(run(scenario({boot_step(), fault_step()})), "killed by signal 11");
}

TEST_F(machine_fault, qemu_that_neither_quits_nor_terminates_is_killed) {
    play({{"ignore_quit", true},
          {"ignore_term", true},
          {"guest", std::vector<json>{shell_action()}}});
    const auto run = this->run(scenario({boot_step(), {{"run", "true"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.errors;
    EXPECT_EQ(run.result["machine_end"]["signalled"], true);
    EXPECT_EQ(run.result["machine_end"]["status"], SIGKILL);
}

TEST_F(machine_fault, a_lost_qmp_connection_does_not_keep_qemu_alive) {
    play_guest({{{"close", "qmp"}}, shell_action()});
    const auto run = this->run(scenario({boot_step(), {{"run", "true"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.errors;
    EXPECT_TRUE(wait_until_gone(run.event("machine_started")["pid"]));
}

TEST_F(machine_fault, a_closed_console_makes_the_step_time_out) {
    play_shell_then({{{"close", "console"}}, {{"stay", true}}});
    auto fault = fault_step();
    fault["timeout"] = "1s";
    const auto run = this->run(scenario({boot_step(), fault}));
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.errors;
    EXPECT_EQ(run.step("fault")["outcome"], "timed_out");
}

TEST_F(machine_fault, too_old_a_qemu_is_refused_with_both_versions) {
    play({{"version", {7, 2, 0}}});
    const auto run = this->run(scenario({boot_step()}));
    expect_infra_error(run, "is version 7.2.0, which is too old");
    EXPECT_THAT(run.end.output, HasSubstr("8.2 or newer"));
    EXPECT_EQ(run.step("boot shell")["outcome"], "not_run");
}

TEST_F(machine_fault, a_missing_qemu_is_named_with_its_package) {
    machine_arguments[1] = "no-such-qemu";
    const auto run = this->run(scenario({boot_step()}));
    expect_infra_error(run, "no-such-qemu is not installed");
    EXPECT_THAT(run.end.output, HasSubstr("qemu-system-riscv"));
}

TEST_F(machine_fault, a_qemu_that_is_no_program_is_an_infra_error) {
    machine_arguments[1] = write("not-a-program",
                                 "\x7f"
                                 "ELF of another world")
                               .string();
    expect_infra_error(run(scenario({boot_step()})), "not-a-program");
}

TEST_F(machine_fault, what_qemu_refuses_is_said_in_its_own_words) {
    play_start({{{"stderr", "qemu: no such board\n"}}, {{"exit", 1}}});
    const auto run = this->run(scenario({boot_step()}));
    expect_infra_error(run, "exited with status 1 before the guest began:\nqemu: no such board");
    EXPECT_EQ(read_file(run.folder / "qemu.stderr"), "qemu: no such board\n");
}

TEST_F(machine_fault, a_warning_of_qemu_reaches_the_terminal_and_does_not_fail_the_run) {
    play_guest({{{"stderr", "warning: odd \x1b[31mflag\n"}}, shell_action()});
    const auto run = this->run(scenario({boot_step()}));
    EXPECT_EQ(run.result["outcome"], "passed");
    EXPECT_THAT(run.end.errors, HasSubstr("QEMU: warning: odd \\x1b[31mflag"));
}

TEST_F(machine_fault, nonsense_instead_of_a_qmp_greeting_is_an_infra_error) {
    play_start({{{"qmp", "HTTP/1.1 400 Bad Request\r\n"}}});
    expect_infra_error(run(scenario({boot_step()})), "not QMP: HTTP/1.1 400");
}

TEST_F(machine_fault, an_event_of_another_shape_is_charged_to_qemu) {
    play_shell_then(
        {{{"qmp", "{\"event\": \"SHUTDOWN\", \"data\": {\"reason\": 1}}\r\n"}}, {{"stay", true}}});
    expect_infra_error(run(scenario({boot_step(), fault_step()})),
                       "QEMU's SHUTDOWN on QMP is of another shape");
}

TEST_F(machine_fault, a_qemu_that_cannot_save_hides_no_failure_behind_the_warm_step) {
    play({{"version", {8, 2, 2}}, {"guest", std::vector<json>{shell_action()}}});
    const auto run =
        this->run(scenario({boot_step(), {{"warm", true}}, {{"name", "bad"}, {"run", "false"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.output;
    EXPECT_EQ(run.step("bad")["outcome"], "failed");
    EXPECT_THAT(run.step("warm")["warm"]["reason"].get<std::string>(),
                HasSubstr("cannot save a guest"));
}

TEST_F(machine_fault, nonsense_on_qmp_in_mid_step_is_charged_to_qemu_and_names_the_step) {
    play_shell_then({{{"qmp", "{\"event\": 3}\r\n"}}, {{"stay", true}}});
    const auto run = this->run(scenario({boot_step(), fault_step(), {{"run", "true"}}}));
    expect_infra_error(run, "not QMP");
    EXPECT_EQ(run.step("fault")["outcome"], "failed");
    EXPECT_EQ(run.step("run true")["outcome"], "not_run");
}

TEST_F(machine_fault, a_run_is_judged_once) {
    play_shell_then({{{"die", SIGKILL}}});
    const auto run = this->run(scenario({boot_step(), fault_step()}));
    int verdicts = 0;
    for (const auto& event : run.journal) verdicts += event["type"] == "verdict";
    EXPECT_EQ(verdicts, 1);
}

}  // namespace
}  // namespace qh::integration
