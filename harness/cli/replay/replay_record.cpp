#include "cli/replay/replay_record.hpp"

#include <fmt/ranges.h>
#include <unistd.h>

#include <chrono>

#include "base/text.hpp"
#include "cli/replay/replay_report.hpp"
#include "cli/run/headline.hpp"
#include "cli/terminal/progress.hpp"
#include "record/result_builder.hpp"
#include "record/scenario_record.hpp"
#include "report/run_details.hpp"
#include "scenario/load.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// A run's record, and what is shown and summed up of its replay.
class record_replay {
  public:
    record_replay(const fs::path& folder, const replay_options& options)
        : options_(options), recorded_(read_recording(folder)), display_(options.verbose) {}

    int run_again() {
        std::optional<scenario> what;
        auto unfit = recorded_.unfit();
        if (unfit.empty()) try {
                what = restore_scenario(recorded_.folder, *recorded_.run);
                unfit = differs_by_masks(*what);
                if (!unfit.empty()) what.reset();
            } catch (const error& e) {
                unfit = e.what();
                if (recorded_.masked()) unfit = "secrets are masked in it: " + unfit;
            }
        if (!what && !options_.until.empty())
            throw usage_error("{} cannot be replayed up to a step: {}", recorded_.folder.string(),
                              unfit);
        if (!what) recorded_.notes.push_back("not replayed but told as recorded: " + unfit);
        const auto replayed =
            what ? replay_exactly(recorded_, *what, heard_, options_.until) : tell_recorded();
        auto result = this->result();
        if (!options_.until.empty() && !replayed.stopped && !replayed.difference)
            throw usage_error("in {} no step {} came to its end", recorded_.folder.string(),
                              options_.until);
        if (replayed.stopped)
            judge_stopped(result, *replayed.stopped);
        else if (!replayed.outcome)
            judge_unfinished(result);
        if (options_.print_json) {
            auto replay = describe(recorded_, replayed);
            if (!what) replay["same"] = nullptr;
            fmt::print("{}\n", dump({{"replay", replay}, {"result", result}}, 2));
        } else {
            print_result(result);
            fmt::print("{}", comparison_text(recorded_, replayed, seconds_taken()));
        }
        if (replayed.difference) return exit_code(fault::internal);
        if (replayed.stopped)
            return exit_code(is_good(*replayed.stopped) ? run_outcome::passed
                                                        : run_outcome::failed);
        return exit_code(replayed.outcome.value_or(run_outcome::infra_error));
    }

    int try_edited() {
        if (const auto unfit = recorded_.unfit(); !unfit.empty())
            throw usage_error("{}: no other scenario can be tried on it: {}",
                              recorded_.folder.string(), unfit);
        auto what = load_scenario(find_scenario(options_.scenario), options_.settings);
        restore_machine(what, *recorded_.run);
        const auto tried = replay_edited(recorded_, what, heard_);
        auto result = this->result();
        result["scenario"]["name"] = what.name;
        result.erase("cost");
        if (!tried.outcome) {
            result["outcome"] = "unknown";
            result["reason"] = "the recording cannot tell";
            for (auto i = result["steps"].size(); i < what.steps.size(); ++i)
                result["steps"].push_back({{"name", what.steps[i].name},
                                           {"kind", what.steps[i].kind().key},
                                           {"outcome", name_of(step_outcome::not_run)}});
        }
        if (options_.print_json) {
            fmt::print("{}\n",
                       dump({{"replay", describe(recorded_, tried)}, {"result", result}}, 2));
        } else {
            print_result(result);
            fmt::print("{}", divergence_text(recorded_, tried));
        }
        return tried.outcome ? exit_code(*tried.outcome) : exit_code(run_outcome::failed);
    }

  private:
    void hear(const event& event) {
        builder_.on_event(event);
        display_.on_event(event);
    }

    /// Why the masks in the recording may be what its replay differs by; empty where it does not.
    std::string differs_by_masks(const scenario& what) const {
        if (!recorded_.masked()) return {};
        const auto replayed = replay_exactly(
            recorded_, what, [](const event&) {}, options_.until);
        if (!replayed.difference) return {};
        return fmt::format("{}, and its replay differs from {:.3f} s on (journal line {})",
                           has_masked_regex(what) ? "a regex of the scenario held a secret"
                                                  : "secrets are masked in it",
                           replayed.difference->seconds, replayed.difference->line);
    }

    /// The events of a recording that no engine can be told.
    replay_outcome tell_recorded() {
        replay_outcome told;
        told.seconds = recorded_.seconds;
        journal_reader reader(recorded_.journal());
        while (const auto entry = reader.next()) hear(entry->told);
        if (recorded_.verdict) told.outcome = recorded_.verdict->outcome;
        return told;
    }

    json result() const {
        auto result = builder_.result();
        if (!result.contains("scenario"))
            result["scenario"]["name"] = recorded_.folder.filename().string();
        return result;
    }

    /// Where the recording has no verdict, what is wrong with it is one.
    void judge_unfinished(json& result) const {
        result["outcome"] = name_of(run_outcome::infra_error);
        result["reason"] = fmt::format("no verdict: {}", fmt::join(recorded_.notes, "; "));
    }

    static bool is_good(const replay_stop& stopped) {
        return stopped.outcome == step_outcome::passed || stopped.outcome == step_outcome::skipped;
    }

    /// The run as it stood behind that step.
    static void judge_stopped(json& result, const replay_stop& stopped) {
        result["outcome"] = "stopped";
        result["reason"] =
            fmt::format("after step \"{}\": {}", stopped.step, name_of(stopped.outcome));
        result["excerpt"] = printable(fmt::format("{}", fmt::join(stopped.console, "\n")));
    }

    void print_result(const json& result) const {
        fmt::print("{}\n{}", headline(result, painter(STDOUT_FILENO)),
                   details(result, recorded_.folder, {}));
    }

    double seconds_taken() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    }

    const replay_options& options_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    recording recorded_;
    progress display_;
    result_builder builder_;
    const recorder heard_ = [this](const event& event) { hear(event); };
};

}  // namespace

int replay_record(const fs::path& folder, const replay_options& options) {
    try {
        record_replay replay(folder, options);
        return options.scenario.empty() ? replay.run_again() : replay.try_edited();
    } catch (const json::exception& e) {
        throw usage_error("{} is no record of a run: {}", folder.string(), e.what());
    }
}

}  // namespace qh
