#include "cli/replay_command.hpp"

#include <unistd.h>

#include <chrono>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/progress.hpp"
#include "cli/replay_report.hpp"
#include "cli/summary.hpp"
#include "record/result_builder.hpp"
#include "record/scenario_record.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

struct replay_options {
    std::string what;
    bool print_json = false, verbose = false;
};

/// Where the recording has no verdict, what is wrong with it is one.
void judge_unfinished(json& result, const recording& recorded) {
    result["outcome"] = name_of(run_outcome::infra_error);
    result["reason"] = fmt::format("no verdict: {}", fmt::join(recorded.notes, "; "));
}

/// Tells the events of a recording that no engine can be told.
replay_outcome tell_recorded(const recording& recorded, const recorder& heard) {
    replay_outcome told;
    told.seconds = recorded.seconds;
    journal_reader reader(recorded.journal());
    while (const auto entry = reader.next()) heard(entry->what, entry->bytes);
    if (recorded.verdict) told.outcome = outcome_named(recorded.verdict->value("outcome", ""));
    return told;
}

int replay_record(const fs::path& folder, const replay_options& options) {
    const auto began = std::chrono::steady_clock::now();
    auto recorded = read_recording(folder);
    progress display(options.verbose);
    result_builder builder;
    const recorder heard = [&](const event& event, std::string_view raw) {
        try {
            builder.on_event(event);
            display.on_event(event, raw);
        } catch (const json::exception&) {
            recorded.notes.push_back(
                fmt::format("an event of type {} lacks something", printable(event.type)));
        }
    };
    const auto unfit = recorded.unfit();
    if (!unfit.empty()) recorded.notes.push_back("not replayed but told as recorded: " + unfit);
    const auto replayed =
        unfit.empty()
            ? replay_exactly(recorded, restore_scenario(folder, recorded.run_started), heard)
            : tell_recorded(recorded, heard);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    auto result = builder.result();
    if (!replayed.outcome) judge_unfinished(result, recorded);
    if (options.print_json) {
        auto replay = describe(recorded, replayed);
        if (!unfit.empty()) replay["same"] = nullptr;
        fmt::print("{}\n", dump({{"replay", replay}, {"result", result}}, 2));
    } else {
        fmt::print("{}\n{}{}", headline(result, painter(STDOUT_FILENO)),
                   details(result, folder, {}), comparison_text(recorded, replayed, took.count()));
    }
    if (replayed.difference) return exit_code(fault::internal);
    return exit_code(replayed.outcome.value_or(run_outcome::infra_error));
}

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
    auto* const command = app.add_subcommand("replay", "Judge a recorded run once more; no guest");
    command->add_option("RUN", options->what, "a run directory")->required()->type_name("DIR");
    command->add_flag("--verbose,-v", options->verbose, "print the guest's console too");
    command->add_flag("--json", options->print_json, "print what was found as one JSON document");
    command->footer(
        "Ends as the run did, or 3 where the replay tells something else than the recording.\n\n"
        "Examples:\n"
        "  qharness replay runs/20261121T162344Z-crash-ff8d");
    command->callback([options, &exit_code] { exit_code = replay(*options); });
}

}  // namespace qh
