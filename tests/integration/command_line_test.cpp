// `qharness run` as scripts use it: options, outputs and exit codes.
#include <gmock/gmock.h>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class command_line : public fake_qemu_test {
  protected:
    command_line() { play_guest({shell_action()}); }

    std::vector<std::string> run_arguments(const std::vector<std::string>& more) const {
        std::vector<std::string> arguments = {"run", "--out", "runs"};
        arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    std::string write_scenario(const std::string& name, const std::vector<json>& steps) const {
        return write(name + ".json", dump({{"name", name}, {"steps", steps}})).string();
    }

    void expect_usage_error(const std::vector<std::string>& arguments,
                            const std::string& words) const {
        const auto end = call(arguments);
        EXPECT_EQ(end.status, (exit_status{false, 4})) << words;
        EXPECT_THAT(end.errors, HasSubstr(words));
        EXPECT_EQ(end.output, "");
        EXPECT_FALSE(fs::exists(folder() / "runs"));
    }
};

TEST_F(command_line, json_is_one_document_on_standard_output_and_nothing_else) {
    const auto run = this->run(scenario({boot_step(), {{"run", "exit 3"}}}), {"--json"});
    EXPECT_EQ(run.end.status, (exit_status{false, 1}));
    const auto document = parse_json(run.end.output);
    ASSERT_EQ(document["runs"].size(), 1u);
    EXPECT_EQ(document["runs"][0], run.result);
}

TEST_F(command_line, dry_run_prints_a_command_that_a_shell_reads_back_and_starts_nothing) {
    const auto kernel = write("my kernel's Image", "no kernel").string();
    machine_arguments[3] = kernel;
    const auto end =
        call(run_arguments({scenario({boot_step()}), "--dry-run", "--append", "a 'b' $c"}));
    ASSERT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_FALSE(fs::exists(folder() / "runs"));
    write("command.sh", "set -- " + end.output + "\nfor word; do printf '%s\\n' \"$word\"; done\n");
    const auto words = run_program({"/bin/sh", "command.sh"}, folder()).output;
    EXPECT_THAT(words, testing::StartsWith(FAKE_QEMU "\n-M\nvirt\n"));
    EXPECT_THAT(words, HasSubstr("\n-kernel\n" + kernel + "\n"));
    EXPECT_THAT(words, HasSubstr("\n-append\nconsole=ttyS0 panic=-1 a 'b' $c\n"));
}

TEST_F(command_line, a_kernel_that_qemu_would_start_packed_is_refused_before) {
    machine_arguments[3] = write("Image.gz", "\x1f\x8b and more").string();
    expect_usage_error(run_arguments({scenario({boot_step()})}),
                       "Image.gz is data packed with gzip; QEMU does not unpack it");
}

TEST_F(command_line, the_recorded_qemu_script_does_not_depend_on_the_current_folder) {
    machine_arguments[3] = "kernel";
    const auto run = this->run(scenario({boot_step()}));
    EXPECT_THAT(read_file(run.folder / "qemu.sh"),
                HasSubstr("-kernel " + (folder() / "kernel").string()));
}

TEST_F(command_line, an_installed_program_finds_the_scenarios_beside_it) {
    fs::create_directories(folder() / "bin");
    fs::create_directories(folder() / "share/qharness/images");
    fs::create_directories(folder() / "share/qharness/scenarios");
    for (const auto* part : {"lib", "schema"})
        fs::copy(fs::path(SCENARIOS) / part, folder() / "share/qharness/scenarios" / part);
    fs::copy_file(QHARNESS_PROGRAM, folder() / "bin/qharness");
    write("share/qharness/scenarios/only_here.json",
          dump({{"name", "only_here"}, {"steps", {boot_step()}}}));
    auto arguments = run_arguments({"only_here", "--dry-run"});
    arguments.insert(arguments.begin(), folder() / "bin/qharness");
    const auto end = run_program(arguments, folder());
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
}

TEST_F(command_line, drives_are_attached_as_snapshots_in_their_order) {
    write("a,b.qcow2", "");
    const auto b = write("b.img", "").string();
    const auto end = call(run_arguments(
        {scenario({boot_step()}), "--dry-run", "--drive", "a,b.qcow2", "--drive", "b.img"}));
    ASSERT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_THAT(end.output, HasSubstr("a,,b.qcow2,format=qcow2,snapshot=on"));
    EXPECT_THAT(end.output, HasSubstr("id=disk1,file=" + b + ",format=raw,snapshot=on"));
}

TEST_F(command_line, set_changes_a_parameter) {
    const auto file =
        write("set.json",
              dump({{"name", "set"},
                    {"params", {{"n", 6}}},
                    {"steps", {boot_step(), {{"run", "echo $(({{n}} * 7))"}, {"match", "^70$"}}}}}))
            .string();
    EXPECT_EQ(call(run_arguments({file})).status, (exit_status{false, 1}));
    EXPECT_EQ(call(run_arguments({file, "--set", "n=10"})).status, (exit_status{false, 0}));
    EXPECT_EQ(call(run_arguments({"--set", "n=10", file})).status, (exit_status{false, 0}));
}

TEST_F(command_line, two_scenarios_run_one_after_the_other_and_the_worse_decides) {
    const auto good = write_scenario("good", {boot_step(), {{"run", "true"}}});
    const auto bad = write_scenario("bad", {boot_step(), {{"run", "false"}}});
    const auto end = call(run_arguments({bad, good, "--json"}));
    EXPECT_EQ(end.status, (exit_status{false, 1}));
    const auto runs = parse_json(end.output)["runs"];
    ASSERT_EQ(runs.size(), 2u);
    EXPECT_EQ(runs[0]["outcome"], "failed");
    EXPECT_EQ(runs[1]["outcome"], "passed");
}

TEST_F(command_line, a_mistake_in_the_second_scenario_is_told_before_the_first_runs) {
    const auto good = write_scenario("good", {boot_step()});
    const auto bad = write_scenario("bad", {{{"rnu", "true"}}});
    expect_usage_error(run_arguments({good, bad}), "unknown step kind");
}

TEST_F(command_line, mistakes_in_the_call_end_with_status_4_and_say_what_is_wrong) {
    const auto file = scenario({boot_step()});
    expect_usage_error({}, "subcommand");
    expect_usage_error({"run"}, "SCENARIO");
    expect_usage_error(run_arguments({file, "--no-such-option"}), "--no-such-option");
    expect_usage_error(run_arguments({"no-such-scenario"}), "no-such-scenario");
    expect_usage_error(run_arguments({file, "--memory", "much"}), "much");
    expect_usage_error(run_arguments({file, "--memory", "20M"}), "too little memory");
    expect_usage_error(run_arguments({file, "--smp", "-1"}), "--smp");
    expect_usage_error(run_arguments({file, "--image", "tiny"}), "not both");
    expect_usage_error(run_arguments({file, "--set", "n"}), "NAME=VALUE");
    expect_usage_error(run_arguments({file, "--set", "n=1"}), "no parameter \"n\"");
    expect_usage_error(run_arguments({file, "--initrd", "no-such-initrd"}), "no-such-initrd");
    expect_usage_error(run_arguments({file, "--timeout-multiplier", "0"}), "--timeout-multiplier");
    for (const auto* none : {"nan", "-NaN"})
        expect_usage_error(run_arguments({file, "--timeout-multiplier", none}),
                           "--timeout-multiplier: is no number");
    expect_usage_error(run_arguments({file, "--drive", ""}), "--drive: must not be empty");
    for (const auto* command : {"run", "matrix"})
        expect_usage_error({command, file, "--out", ""}, "--out: must not be empty");
    expect_usage_error({"doctor", "--out", ""}, "--out: must not be empty");
    expect_usage_error({"compare", ""}, "FIRST: must not be empty");
    expect_usage_error({"compare", "a", ""}, "SECOND: must not be empty");
    expect_usage_error({"run", file}, "no machine to run on");
}

TEST_F(command_line, a_mistake_in_a_scenario_is_told_with_its_line_and_column) {
    const auto file =
        write("bad.json", "{ \"name\": \"bad\",\n  \"steps\": [ { \"boot\": \"moon\" } ] }");
    expect_usage_error(run_arguments({file.string()}), "bad.json:2:24: error:");
}

TEST_F(command_line, a_mistyped_command_or_option_is_told_with_the_one_that_was_meant) {
    expect_usage_error({"rum"}, "did you mean \"run\"?");
    expect_usage_error(run_arguments({scenario({boot_step()}), "--verbos"}),
                       "did you mean \"--verbose\"?");
    expect_usage_error(run_arguments({scenario({boot_step()}), "--frobnicate"}), "run --help");
}

TEST_F(command_line, a_failure_ends_with_the_command_that_runs_it_again) {
    const auto good = write_scenario("good", {boot_step()});
    const auto bad = write_scenario("bad one", {boot_step(), {{"run", "exit 7"}}});
    const auto end = call(run_arguments({bad, good, "--append", "a  b"}));
    const auto at = end.output.rfind("again: ");
    ASSERT_NE(at, std::string::npos) << end.output;
    const auto command = end.output.substr(at + 7, end.output.find('\n', at) - at - 7);
    EXPECT_THAT(command, HasSubstr("--append 'a  b'"));
    const auto again = run_program({"/bin/sh", "-c", command}, folder(), variables);
    EXPECT_EQ(again.status, (exit_status{false, 1})) << again.errors;
    EXPECT_THAT(again.output, HasSubstr("failed: bad one"));
    EXPECT_THAT(again.output, testing::Not(HasSubstr("good")));
}

TEST_F(command_line, of_several_scenarios_the_failures_come_last_with_all_a_person_needs) {
    const auto good = write_scenario("good", {boot_step()});
    const auto bad =
        write_scenario("bad", {boot_step(), {{"name", "sums"}, {"run", "echo five; exit 7"}}});
    const auto end = call(run_arguments({bad, good}));
    const auto last = end.output.substr(end.output.find("1 did not pass:"));
    for (const auto* part : {"step \"sums\": exit status 7", "five", "record:  runs/", "again: "})
        EXPECT_THAT(last, HasSubstr(part));
    EXPECT_LT(end.output.find("passed: good"), end.output.find("1 did not pass:"));
}

TEST_F(command_line, verbose_streams_the_console_line_by_line_and_harmless) {
    play_guest({print("one \x1b[2J\r\ntwo\r\n"), shell_action()});
    const auto end = call(run_arguments({scenario({boot_step()}), "--verbose"}));
    EXPECT_THAT(end.errors, HasSubstr("| one \\x1b[2J\n"));
    EXPECT_THAT(end.errors, HasSubstr("| two\n"));
    EXPECT_TRUE(is_harmless(end.errors)) << testing::PrintToString(end.errors);
    EXPECT_THAT(call(run_arguments({scenario({boot_step()})})).errors,
                testing::Not(HasSubstr("| two")));
}

TEST_F(command_line, colours_are_for_terminals_unless_they_are_forced_and_not_forbidden) {
    const auto arguments = run_arguments({scenario({boot_step()})});
    EXPECT_THAT(call(arguments).errors, testing::Not(HasSubstr("\x1b[3")));
    variables["CLICOLOR_FORCE"] = "1";
    EXPECT_THAT(call(arguments).errors, HasSubstr("\x1b[32mok"));
    variables["NO_COLOR"] = "1";
    EXPECT_THAT(call(arguments).errors, testing::Not(HasSubstr("\x1b[3")));
}

TEST_F(command_line, help_and_version_are_no_errors) {
    EXPECT_THAT(call({"--help"}).output, HasSubstr("Exit codes:"));
    EXPECT_THAT(call({"run", "--help"}).output, HasSubstr("Examples:"));
    const auto version = call({"--version"});
    EXPECT_EQ(version.status, (exit_status{false, 0}));
    EXPECT_THAT(version.output, testing::StartsWith("qharness "));
}

TEST_F(command_line, a_secret_is_in_no_file_of_the_record) {
    play_guest({shell_action()});
    const auto file = write(
        "secret.json",
        dump(json{{"name", "secret"},
                  {"params", {{"key", {{"default", "open sesame"}, {"secret", true}}}}},
                  {"steps",
                   {boot_step(),
                    {{"run", "echo {{key}} | tee " + (folder() / "k").string()}},
                    {{"download", {{"from", (folder() / "k").string()}, {"to", "kept"}}}}}}}));
    const auto run = this->run(file.string());
    ASSERT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output << run.end.errors;
    EXPECT_EQ(read_file(run.folder / "files" / "kept"), "***\n");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(run.folder))
        if (entry.is_regular_file()) {
            EXPECT_THAT(read_file(entry.path()), testing::Not(HasSubstr("sesame"))) << entry;
        }
}

TEST_F(command_line, a_secret_of_one_letter_breaks_no_record) {
    for (const std::string secret : {"a", "e", "name", "1", "passed"}) {
        play_guest({shell_action()});
        const auto file =
            write("secret-" + secret + ".json",
                  dump(json{{"name", "secret"},
                            {"params", {{"key", {{"default", secret}, {"secret", true}}}}},
                            {"steps", {boot_step(), {{"run", "echo {{key}}"}}}}}));
        std::vector<std::string> arguments = {"run", file.string(), "--out", "of-" + secret};
        arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
        const auto run = call(arguments);
        ASSERT_EQ(run.status, (exit_status{false, 0})) << run.output << run.errors;
        const auto record = *std::filesystem::directory_iterator(folder() / ("of-" + secret));
        const auto result = json_document::load(record.path() / "result.json").root();
        EXPECT_EQ(result["outcome"], "passed");
        EXPECT_EQ(result["steps"][1]["output"], "***\n");
        const auto replayed = call({"replay", record.path().string()});
        EXPECT_EQ(replayed.status, run.status) << replayed.output << replayed.errors;
    }
}

}  // namespace
}  // namespace qh::integration
