#include "cli/replay_command.hpp"

#include <memory>

#include "base/error.hpp"
#include "cli/replay_record.hpp"
#include "cli/settings.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

int replay(const replay_options& options) {
    fs::path what = options.what;
    std::error_code ignored;
    if (what.filename() == "journal.jsonl") what = what.parent_path();
    if (fs::is_directory(what, ignored)) return replay_record(what, options);
    throw usage_error("there is no run directory {}", options.what);
}

}  // namespace

void add_replay_command(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<replay_options>();
    auto settings = std::make_shared<std::vector<std::string>>();
    auto* const command = app.add_subcommand("replay", "Judge a recorded run once more; no guest");
    command->add_option("RUN", options->what, "a run directory")->required()->type_name("DIR");
    command
        ->add_option("--scenario", options->scenario,
                     "try this scenario instead: where it would have ended otherwise, and what "
                     "nearly matched")
        ->type_name("SCENARIO");
    command->add_option("--set", *settings, "value for that scenario's parameter (repeatable)")
        ->allow_extra_args(false)
        ->needs("--scenario")
        ->type_name("NAME=VALUE");
    command->add_flag("--verbose,-v", options->verbose, "print the guest's console too");
    command->add_flag("--json", options->print_json, "print what was found as one JSON document");
    command->footer(
        "Ends as the run did, 1 where the recording cannot tell how another scenario would have\n"
        "ended, and 3 where a replay of the same scenario tells something else than the "
        "recording.\n\n"
        "Examples:\n"
        "  qharness replay runs/20261121T162344Z-crash-ff8d\n"
        "  qharness replay runs/20261121T162344Z-crash-ff8d --scenario edited.json");
    command->callback([options, settings, &exit_code] {
        options->settings = parse_settings(*settings);
        exit_code = replay(*options);
    });
}

}  // namespace qh
