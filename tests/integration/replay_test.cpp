// `qharness replay` and `play`, on runs of the fake QEMU and on logs.
#include <gmock/gmock.h>
#include <signal.h>

#include "base/text.hpp"
#include "harness_test.hpp"
#include "terminal_program.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class replay : public fake_qemu_test {
  protected:
    /// A run of a shell, whose step "answer" fails unless `wanted` is what the shell says.
    recorded_run run_shell(const std::string& wanted) {
        play_shell_then({shutdown_event("guest-shutdown"), {{"exit", 0}}});
        return run(
            scenario({boot_step(),
                      {{"name", "answer"}, {"run", "echo the answer is 42"}, {"match", wanted}},
                      {{"poweroff", true}}}));
    }

    program_end replay_run(const recorded_run& run,
                           const std::vector<std::string>& arguments = {}) {
        std::vector<std::string> all = {"replay", run.folder.string()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        return call(all);
    }

    /// The run's scenario with its second step changed.
    std::string edited(const recorded_run& run, const std::string& key, const json& value) {
        auto text = json_document::load(run.folder / "scenario.json").root();
        text["steps"][1][key] = value;
        return write("edited.json", dump(text)).string();
    }
};

TEST_F(replay, is_the_last_line_of_a_failure_and_ends_as_the_run_did) {
    const auto failed = run_shell("^the answer is 43$");
    ASSERT_EQ(failed.end.status, (exit_status{false, 1})) << failed.end.output;
    const auto command = last_lines(failed.end.output, 1);
    EXPECT_THAT(command, AllOf(HasSubstr("replay:"), HasSubstr(failed.folder.filename().string())));
    const auto again = replay_run(failed);
    EXPECT_EQ(again.status, failed.end.status);
    EXPECT_THAT(again.output,
                AllOf(HasSubstr("each as recorded"), HasSubstr("^the answer is 43$")));
}

TEST_F(replay, stops_behind_a_step_and_shows_the_console_of_then) {
    const auto run = run_shell("42");
    for (const auto* step : {"answer", "2"}) {
        const auto told = replay_run(run, {"--until", step});
        EXPECT_EQ(told.status, (exit_status{false, 0})) << told.errors;
        EXPECT_THAT(
            told.output,
            AllOf(HasSubstr("after step \"answer\": passed"), HasSubstr("2 of 2 steps passed"),
                  HasSubstr("the answer is 42"), HasSubstr("each as recorded")));
    }
    EXPECT_EQ(replay_run(run, {"--until", "none"}).status, (exit_status{false, 4}));
}

TEST_F(replay, of_an_edited_scenario_says_what_would_have_been) {
    const auto passed = run_shell("^the answer is 42$");
    ASSERT_EQ(passed.end.status, (exit_status{false, 0})) << passed.end.output;
    EXPECT_FALSE(passed.end.output.find("replay:") != std::string::npos);
    const auto other =
        replay_run(passed, {"--scenario", edited(passed, "match", "^the answer is 43$"), "--json"});
    EXPECT_EQ(other.status, (exit_status{false, 1}));
    const auto told = parse_json(other.output);
    EXPECT_EQ(told["result"]["outcome"], "failed");
    EXPECT_EQ(told["replay"]["diverged"]["step"], "answer");
    EXPECT_EQ(told["replay"]["missed"][0]["nearest"][0]["difference"],
              "has 42 where the regex has 43");
    const auto unknown =
        replay_run(passed, {"--scenario", edited(passed, "run", "echo something else")});
    EXPECT_EQ(unknown.status, (exit_status{false, 1}));
    EXPECT_THAT(
        unknown.output,
        AllOf(HasSubstr("it types \"echo something else\", which the recorded run never did"),
              HasSubstr("The recording cannot tell")));
}

TEST_F(replay, of_a_recording_that_says_otherwise_is_a_fault_of_ours_and_says_where) {
    const auto run = run_shell("42");
    auto journal = read_file(run.folder / "journal.jsonl");
    const auto at = journal.find("the answer is 42\\n\",\"seconds\"");
    ASSERT_NE(at, std::string::npos);
    journal.replace(at, 16, "the answer is 41");
    write_file_atomically(run.folder / "journal.jsonl", journal);
    const auto told = replay_run(run);
    EXPECT_EQ(told.status, (exit_status{false, 3}));
    EXPECT_THAT(told.output,
                AllOf(HasSubstr("differs from the recording"), HasSubstr("output: expected"),
                      HasSubstr("answer is 41"), HasSubstr("fault in qharness")));
}

TEST_F(replay, of_a_masked_regex_tells_what_was_recorded_and_says_why) {
    play_guest({shell_action()});
    const auto file = write(
        "secret.json",
        dump(
            json{{"name", "secret"},
                 {"params", {{"pw", {{"default", "a.c+d"}, {"secret", true}}}}},
                 {"steps", {boot_step(), {{"run", "echo 'x{{pw}}y'"}, {"match", "^x{{pw}}y$"}}}}}));
    std::vector<std::string> arguments = {"run", file.string(), "--out", "masked"};
    arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
    const auto run = call(arguments);
    EXPECT_EQ(run.status, (exit_status{false, 1})) << run.output << run.errors;
    const auto record = *std::filesystem::directory_iterator(folder() / "masked");
    const auto told = call({"replay", record.path().string()});
    EXPECT_EQ(told.status, run.status);
    EXPECT_THAT(told.output, AllOf(HasSubstr("a regex of the scenario held a secret"),
                                   HasSubstr("nothing was judged anew"),
                                   testing::Not(HasSubstr("fault in qharness"))));
}

TEST_F(replay, of_a_record_whose_scenario_was_edited_judges_nothing_anew_and_says_so) {
    const auto run = run_shell("42");
    const auto file = run.folder / "scenario.json";
    auto text = json_document::load(file).root();
    text["steps"][1]["match"] = "43";
    write_file_atomically(file, dump(text));
    const auto told = replay_run(run);
    EXPECT_EQ(told.status, run.end.status) << "as recorded";
    EXPECT_THAT(told.output, AllOf(HasSubstr("is not the scenario that was run"),
                                   HasSubstr("nothing was judged anew")));
}

TEST_F(replay, of_a_doubled_journal_does_not_run_its_steps_twice) {
    const auto run = run_shell("42");
    const auto file = run.folder / "journal.jsonl";
    write_file_atomically(file, read_file(file) + read_file(file));
    const auto told = replay_run(run);
    EXPECT_EQ(told.status.signalled, false);
    EXPECT_THAT(told.errors, Not(HasSubstr("internal error")));
}

TEST_F(replay, of_a_killed_harness_recovers_what_is_there) {
    play_shell_then({});
    const auto file =
        scenario({boot_step(), {{"name", "long"}, {"run", "echo begun; sleep 1000"}}});
    std::vector<std::string> arguments = {"run", file, "--out", "runs"};
    arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
    auto killed = start(arguments);
    killed.wait_for_errors("boot shell");
    killed.signal(SIGKILL);
    killed.finish();
    const auto found = recorded();
    const auto told = replay_run(found, {"--json"});
    EXPECT_EQ(told.status, (exit_status{false, 6})) << told.output << told.errors;
    const auto result = parse_json(told.output);
    EXPECT_EQ(result["replay"]["same"], true);
    EXPECT_EQ(result["result"]["outcome"], "infra_error");
    EXPECT_THAT(result["result"]["reason"].get<std::string>(), HasSubstr("before the run did"));
    EXPECT_EQ(result["result"]["steps"][0]["outcome"], "passed");
}

TEST_F(replay, of_a_later_journal_tells_what_was_recorded) {
    const auto run = run_shell("42");
    auto journal = read_file(run.folder / "journal.jsonl");
    journal.replace(journal.find("\"journal\":4"), 11, "\"journal\":7");
    write_file_atomically(run.folder / "journal.jsonl", journal);
    const auto told = replay_run(run, {"--json"});
    EXPECT_EQ(told.status, (exit_status{false, 0}));
    const auto result = parse_json(told.output);
    EXPECT_EQ(result["replay"]["same"], nullptr);
    EXPECT_THAT(dump(result["replay"]["notes"]), HasSubstr("later format"));
    EXPECT_EQ(result["result"], run.result);
}

TEST_F(replay, of_something_else_is_the_callers_mistake) {
    std::filesystem::create_directory(folder() / "empty");
    for (const auto* what : {"nowhere", "empty"}) {
        const auto told = call({"replay", what});
        EXPECT_EQ(told.status, (exit_status{false, 4})) << what;
    }
    const auto run = run_shell("42");
    write_file_atomically(run.folder / "journal.jsonl",
                          "{\"t\":0,\"type\":\"run_started\",\"journal\":2,\"replay\":{}}\n");
    EXPECT_THAT(replay_run(run).errors, Not(HasSubstr("internal error")));
}

TEST_F(replay, of_a_log_tells_failures_facts_and_the_steps_it_shows) {
    const auto log = write(
        "console.log",
        "[    0.000000] Linux version 6.6.1 (x)\r\n[    1.000000] Run /init as init process\r\n"
        "~ # uname -m\r\nriscv64\r\n"
        "[    2.000000] Kernel panic - not syncing: \x1b[2Jbad luck\r\n");
    const auto told = call({"replay", log.string()});
    EXPECT_EQ(told.status, (exit_status{false, 1}));
    EXPECT_THAT(told.output,
                AllOf(HasSubstr("[2.000000]  panic: Kernel panic - not syncing: bad luck"),
                      HasSubstr("kernel:"), HasSubstr("6.6.1")));
    EXPECT_TRUE(is_harmless(told.output));
    const auto file = scenario(
        {{{"boot", "init"}}, {{"name", "arch"}, {"run", "uname -m"}, {"match", "^riscv32$"}}});
    const auto judged =
        parse_json(call({"replay", log.string(), "--scenario", file, "--json"}).output);
    EXPECT_EQ(judged["steps"][0]["outcome"], "passed");
    EXPECT_EQ(judged["steps"][1]["outcome"], "failed");
    EXPECT_EQ(judged["failures"][0]["fatal"], true);
}

TEST_F(replay, plays_a_run_and_prints_its_cast) {
    const auto run = run_shell("42");
    const auto played = call({"play", run.folder.string()});
    EXPECT_EQ(played.status, (exit_status{false, 0})) << played.errors;
    EXPECT_THAT(played.output, HasSubstr("--- step 2: answer ---"));
    EXPECT_EQ(call({"play", run.folder.string(), "--step", "none"}).status,
              (exit_status{false, 4}));
    const auto recorded = read_file(run.folder / "console.cast");
    EXPECT_THAT(recorded, HasSubstr("\"m\",\"answer\"]\n"));
    const auto cast = call({"play", run.folder.string(), "--cast", "v3"}).output;
    // Only the header's time of day is not in the journal.
    EXPECT_EQ(cast.substr(cast.find('\n')), recorded.substr(recorded.find('\n')));
    const auto told =
        parse_json(call({"replay", (run.folder / "console.cast").string(), "--json"}).output);
    EXPECT_EQ(told["log"]["format"], "asciicast");
}

TEST_F(replay, plays_at_the_terminal_with_keys) {
    const auto run = run_shell("42");
    terminal_program terminal({QHARNESS_PROGRAM, "play", run.folder.string(), "--speed", "0.01"},
                              folder(), variables);
    terminal.wait_for("--- step 1: boot shell ---");
    EXPECT_TRUE(terminal.is_raw());
    terminal.type("n");
    terminal.wait_for("--- step 2: answer ---");
    terminal.type(" .q");
    EXPECT_EQ(terminal.finish(), (exit_status{false, 0}));
}

}  // namespace
}  // namespace qh::integration
