// The guest's console in a person's hands: after a failure, after any run, or from power-on.
#include <gmock/gmock.h>
#include <signal.h>

#include "harness_test.hpp"
#include "terminal_program.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* leave = "\x1d";
constexpr const char* hint = "Ctrl-] leaves it";

class attach : public fake_qemu_test {
  protected:
    terminal_program start_at_terminal(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), QHARNESS_PROGRAM);
        arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
        return {arguments, folder(), variables};
    }

    terminal_program start_run(const std::vector<json>& steps, const std::string& option) const {
        return start_at_terminal({"run", scenario(steps), "--out", "runs", option});
    }

    /// Types a command at the guest's prompt and waits for what it prints.
    static void use_prompt(terminal_program& terminal) {
        terminal.wait_for("# ");
        terminal.type("echo at-$((6*7))\r");
        terminal.wait_for("at-42");
    }

    std::string typed_in(const recorded_run& run) const {
        std::string typed;
        for (const auto& event : run.journal)
            if (event["type"] == "console_in") typed += event.value("text", "");
        return typed;
    }

    const json failing = {{"name", "bad"}, {"run", "exit 3"}};
};

TEST_F(attach, a_failed_run_leaves_the_person_at_the_guests_prompt) {
    play_guest({shell_action()});
    auto terminal = start_run({boot_step(), failing}, "--attach-on-failure");
    terminal.wait_for("failed: step \"bad\": exit status 3");
    terminal.wait_for(hint);
    terminal.wait_for("gdb: gdb-multiarch ");
    use_prompt(terminal);
    EXPECT_TRUE(terminal.is_raw());
    terminal.type(leave);
    terminal.wait_for("detached from the console (Ctrl-])");
    EXPECT_FALSE(terminal.is_raw());
    EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
    const auto run = recorded();
    EXPECT_EQ(run.result["outcome"], "failed");
    EXPECT_THAT(typed_in(run), HasSubstr("echo at-$((6*7))\r"));
    EXPECT_THAT(read_file(run.folder / "console.log"), HasSubstr("at-42"));
    EXPECT_TRUE(wait_until_gone(run.event("machine_started")["pid"]));
}

TEST_F(attach, steps_run_again_from_the_failed_one_on_the_mended_guest) {
    play_guest({shell_action()});
    const auto mended = (folder() / "mended").string();
    auto terminal = start_run({boot_step(),
                               {{"run", "echo 4$((1+1))"}, {"capture", "(?P<answer>\\d+)"}},
                               {{"name", "bad"}, {"run", "test -f " + mended}},
                               {{"name", "behind"}, {"run", "echo {{answer}}"}, {"match", "^42$"}}},
                              "--attach-on-failure");
    terminal.wait_for("Ctrl-^ has step \"bad\" and those behind it run again");
    use_prompt(terminal);
    terminal.type("\x1e");
    terminal.wait_for("run again: failed");
    use_prompt(terminal);
    terminal.type("touch " + mended + "; echo done-$((6*7))\r");
    terminal.wait_for("done-42");
    terminal.type("\x1e");
    terminal.wait_for("run again: passed");
    use_prompt(terminal);
    terminal.type(leave);
    EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
    const auto run = recorded();
    EXPECT_EQ(run.result["outcome"], "failed");
    EXPECT_EQ(run.result["steps"].size(), 4u);
    EXPECT_EQ(run.step("behind")["outcome"], "not_run");
}

TEST_F(attach, a_step_that_ends_at_once_is_run_again_too) {
    play_guest({shell_action()});
    auto terminal = start_run({boot_step(),
                               {{"run", "echo 7"}, {"capture", "(?P<n>\\d+)"}},
                               {{"name", "measured"},
                                {"measure", {{"name", "n"}, {"value", "{{n}}"}}},
                                {"check", {"n > 9"}}}},
                              "--attach-on-failure");
    terminal.wait_for("Ctrl-^ has step \"measured\" and those behind it run again");
    use_prompt(terminal);
    terminal.type("\x1e");
    terminal.wait_for("run again: failed");
    terminal.wait_for("  qmp: ");
    terminal.type("\r");
    use_prompt(terminal);
    terminal.type(leave);
    EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
}

TEST_F(attach, the_guest_of_a_recorded_failure_is_there_again) {
    play_guest({shell_action()});
    const auto failed = run(scenario({boot_step(), failing}));
    EXPECT_EQ(failed.result["outcome"], "failed") << failed.end.errors;
    terminal_program terminal({QHARNESS_PROGRAM, "shell", "--from", failed.folder.string()},
                              folder(), variables);
    terminal.wait_for("failed: step \"bad\": exit status 3");
    use_prompt(terminal);
    terminal.type(leave);
    EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
}

TEST_F(attach, a_command_out_of_time_is_ended_so_that_the_prompt_is_free) {
    play_guest({shell_action()});
    auto terminal =
        start_run({boot_step(), {{"run", "sleep 1000"}, {"timeout", "1s"}}}, "--attach-on-failure");
    terminal.wait_for(hint);
    use_prompt(terminal);
    terminal.type(leave);
    EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
}

TEST_F(attach, what_happens_while_attached_changes_no_verdict) {
    play_shell_then({print("[   12.345678] Kernel panic - not syncing: Fatal exception\r\n"),
                     shutdown_event("guest-reset"),
                     {{"exit", 0}}});
    auto terminal = start_run({boot_step(), failing}, "--attach-on-failure");
    terminal.wait_for(hint);
    terminal.wait_for("# ");
    terminal.type("echo here is the fa''ult\r");
    terminal.wait_for("Kernel panic");
    terminal.wait_for("detached from the console (the machine ended)");
    EXPECT_FALSE(terminal.is_raw());
    EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
    const auto run = recorded();
    EXPECT_EQ(run.result["outcome"], "failed");
    EXPECT_EQ(run.result["failures"], json::array());
    EXPECT_THAT(read_file(run.folder / "console.log"), HasSubstr("Kernel panic"));
}

TEST_F(attach, a_signal_gives_the_terminal_back_and_keeps_the_verdict) {
    for (const int number : {SIGTERM, SIGHUP, SIGQUIT}) {
        std::filesystem::remove_all(folder() / "runs");
        play_guest({shell_action()});
        auto terminal = start_run({boot_step(), failing}, "--attach-on-failure");
        terminal.wait_for(hint);
        use_prompt(terminal);
        terminal.signal(number);
        EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
        EXPECT_FALSE(terminal.is_raw());
        EXPECT_EQ(recorded().result["outcome"], "failed");
    }
}

TEST_F(attach, a_passed_run_attaches_nobody_unless_it_is_to_be_kept) {
    play_guest({shell_action()});
    auto without = start_run({boot_step()}, "--attach-on-failure");
    EXPECT_EQ(without.finish(), (exit_status{false, 0}));
    EXPECT_THAT(without.seen(), Not(HasSubstr(hint)));
    std::filesystem::remove_all(folder() / "runs");
    auto kept = start_run({boot_step(), {{"poweroff", true}}}, "--keep");
    kept.wait_for(hint);
    use_prompt(kept);
    kept.type(leave);
    EXPECT_EQ(kept.finish(), (exit_status{false, 0}));
    const auto run = recorded();
    EXPECT_EQ(run.result["outcome"], "passed");
    EXPECT_EQ(run.step("poweroff")["outcome"], "skipped");
}

TEST_F(attach, who_interrupts_a_run_is_not_attached) {
    play_guest({shell_action()});
    auto terminal = start_run({boot_step(),
                               {{"name", "ready"}, {"run", "true"}},
                               {{"name", "long"}, {"run", "sleep 1000"}}},
                              "--attach-on-failure");
    terminal.wait_for("ready");
    terminal.wait_for("long");
    terminal.type("\x03");
    EXPECT_EQ(terminal.finish(), (exit_status{false, 2}));
    EXPECT_THAT(terminal.seen(), Not(HasSubstr(hint)));
}

TEST_F(attach, a_machine_that_ended_of_itself_is_no_console_to_attach_to) {
    play_shell_then({shutdown_event("guest-reset"), {{"exit", 0}}});
    auto terminal = start_run({boot_step(), fault_step()}, "--attach-on-failure");
    EXPECT_EQ(terminal.finish(), (exit_status{false, 1}));
    EXPECT_THAT(terminal.seen(), Not(HasSubstr(hint)));
    EXPECT_EQ(recorded().result["outcome"], "reset");
}

TEST_F(attach, without_a_terminal_it_is_a_wrong_call_and_nothing_is_started) {
    play_guest({shell_action()});
    for (const auto* option : {"--attach-on-failure", "--keep"}) {
        std::vector<std::string> arguments = {"run", scenario({boot_step()}), option, "--out",
                                              "runs"};
        arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
        const auto end = call(arguments);
        EXPECT_EQ(end.status, (exit_status{false, 4}));
        EXPECT_THAT(end.errors, HasSubstr("standard input is none"));
    }
    std::vector<std::string> arguments = {"shell", "--out", "runs"};
    arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
    EXPECT_EQ(call(arguments).status, (exit_status{false, 4}));
    EXPECT_FALSE(std::filesystem::exists(folder() / "runs"));
}

TEST_F(attach, a_shell_is_the_persons_from_power_on_and_recorded) {
    play_guest({print("the guest begins\r\n"), shell_action()});
    auto terminal = start_at_terminal({"shell", "--out", "runs"});
    terminal.wait_for(hint);
    terminal.wait_for("the guest begins");
    use_prompt(terminal);
    terminal.type(leave);
    EXPECT_EQ(terminal.finish(), (exit_status{false, 0}));
    EXPECT_FALSE(terminal.is_raw());
    const auto run = recorded();
    EXPECT_EQ(run.result["outcome"], "passed");
    EXPECT_EQ(run.result["steps"], json::array());
    EXPECT_EQ(typed_in(run), "echo at-$((6*7))\r");
}

TEST_F(attach, a_shell_whose_qemu_cannot_start_is_an_infra_error) {
    play_start({{{"stderr", "no such CPU\n"}}, {{"exit", 1}}});
    auto terminal = start_at_terminal({"shell", "--out", "runs"});
    EXPECT_EQ(terminal.finish(), (exit_status{false, 6}));
    EXPECT_THAT(terminal.seen(), HasSubstr("no such CPU"));
    EXPECT_EQ(recorded().result["outcome"], "infra_error");
}

}  // namespace
}  // namespace qh::integration
