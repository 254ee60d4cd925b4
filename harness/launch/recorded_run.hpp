// One session with its record: a run directory from the first event to result.json.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "launch/planned_run.hpp"
#include "launch/run_settings.hpp"
#include "run/live/run_session.hpp"

namespace qh {

/// Who is told how a run goes on.
struct run_watch {
    std::function<void(const std::string& line)> say;  ///< what a person should know of its plan
    recorder on_event;                                 ///< secrets are masked
    progress_display on_console;
};

/// Told how a run ended and where its record is, before result.json is written; the event it
/// returns becomes the journal's last.
using judged_hook =
    std::function<std::optional<event>(const verdict&, const std::filesystem::path&)>;

struct finished_run {
    verdict how;
    json result;  ///< what result.json holds
    std::filesystem::path directory;
    std::string again;  ///< the settings' command, secrets masked
};

/// Runs it and records it. Errors are those of run_session and run_directory.
finished_run run_recorded(const planned_run& run, const run_settings& settings,
                          const run_watch& watch, const judged_hook& judged = {});

}  // namespace qh
