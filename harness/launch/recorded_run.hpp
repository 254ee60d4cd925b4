// One session with its record: a run directory from the first event to result.json.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "audit/known_programs.hpp"
#include "cli/terminal/progress.hpp"
#include "launch/machine_plan.hpp"
#include "run/live/run_session.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// A scenario that is known to be right, and the machine for it.
struct planned_run {
    std::filesystem::path file;
    scenario what;
    machine_plan machine;
    known_programs programs;
};

struct record_options {
    std::filesystem::path out;  ///< the folder that gets the run's own folder
    double timeout_multiplier = 1;
    attach_when attach = attach_when::never;
    bool cold = false;            ///< whether warm points are neither used nor left
    bool record_machine = false;  ///< instruction by instruction
    std::string again = {};       ///< the command that runs the same, for a shell; empty: none does
    /// Told how the run ended and where its record is, before result.json is written; the event
    /// it returns becomes the journal's last.
    std::function<std::optional<event>(const verdict&, const std::filesystem::path&)> judged;
};

/// Who is told how a run goes on.
struct run_watch {
    std::function<void(const std::string& line)> say;  ///< what a person should know of its plan
    recorder on_event;                                 ///< secrets are masked
    progress_display on_console;
};

struct finished_run {
    verdict how;
    json result;  ///< what result.json holds
    std::filesystem::path directory;
};

/// Runs it and records it. Errors are those of run_session and run_directory.
finished_run run_recorded(const planned_run& run, const record_options& options,
                          const run_watch& watch);

/// The same, shown on the terminal.
finished_run run_recorded(const planned_run& run, const record_options& options, progress& display);

}  // namespace qh
