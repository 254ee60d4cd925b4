#include "cli/replay/replay_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.hpp"
#include "cli/replay/replay_log.hpp"
#include "cli/replay/replay_machine_run.hpp"
#include "cli/replay/replay_record.hpp"
#include "cli/terminal/settings.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

int replay(const replay_options& options) {
    fs::path what = options.what;
    std::error_code ignored;
    if (what.filename() == "journal.jsonl") what = fs::absolute(what).parent_path();
    if (options.machine && fs::is_directory(what, ignored)) return replay_on_machine(what, options);
    if (options.machine) throw usage_error("--machine is for run directories");
    if (fs::is_directory(what, ignored)) return replay_record(what, options);
    if (!options.until.empty()) throw usage_error("--until is for run directories");
    if (fs::exists(what, ignored)) return replay_log(what, options);
    throw usage_error("there is no run directory and no log {}", options.what);
}

}  // namespace

void add_replay_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<replay_options>();
    auto settings = std::make_shared<std::vector<std::string>>();
    auto* const command =
        app.add_subcommand("replay", "Judge a recorded run or any console log once more");
    command
        ->add_option("RUN|LOG", options->what,
                     "a run directory, or a console's log from anywhere: text, asciicast, LAVA's "
                     "YAML; packed or not")
        ->required()
        ->type_name("FILE");
    command
        ->add_option("--scenario", options->scenario,
                     "try this scenario instead: where it would have ended otherwise, and what "
                     "nearly matched")
        ->type_name("SCENARIO");
    command->add_option("--set", *settings, "value for that scenario's parameter (repeatable)")
        ->allow_extra_args(false)
        ->needs("--scenario")
        ->type_name("NAME=VALUE");
    command
        ->add_option(
            "--until", options->until,
            "stop behind this step, by name or number, and show the console as it was then; with "
            "--machine, stop the guest where the step began")
        ->excludes("--scenario")
        ->type_name("STEP");
    command->add_flag("--verbose,-v", options->verbose, "print the guest's console too");
    command->add_flag("--json", options->print_json, "print what was found as one JSON document");
    command
        ->add_flag("--machine", options->machine,
                   "run the guest of a `run --record` again, instruction by instruction; with "
                   "--until it stops there for gdb")
        ->excludes("--scenario")
        ->excludes("--verbose")
        ->excludes("--json");
    command->footer(
        "Of a log it tells how far the boot came, what failed, and on what machine; with "
        "--scenario\n"
        "also which steps find what they wait for.\n\n"
        "Ends as the run did, 1 where the recording cannot tell how another scenario would have\n"
        "ended, and 3 where a replay of the same scenario tells something else than the recording\n"
        "does. Of a log: 1 where something fatal or a failed step is in it. With --machine: 0 "
        "where\n"
        "the console is byte for byte the recorded one, 1 where it is not, and 6 where the guest\n"
        "stands still or the QEMU that recorded it was killed.\n\n"
        "Examples:\n"
        "  qharness replay runs/20261121T162344Z-crash-ff8d\n"
        "  qharness replay runs/20261121T162344Z-crash-ff8d --scenario edited.json\n"
        "  qharness replay runs/20261121T162344Z-crash-ff8d --machine --until 'load driver'\n"
        "  qharness replay console.log.gz --scenario boot_basic");
    command->callback([options, settings, &exit_code] {
        options->settings = parse_settings(*settings);
        exit_code = replay(*options);
    });
}

}  // namespace qh
