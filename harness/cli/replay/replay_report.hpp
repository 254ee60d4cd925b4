// What a replay has found, for a person and for a program.
#pragma once

#include <string>

#include "replay/exact_replay.hpp"
#include "replay/what_if.hpp"

namespace qh {

/// {"record", "same": true, false, or null where nothing was compared, "events", "seconds",
/// "difference", "compared_until", "missed", "notes"}.
json describe(const recording& recorded, const replay_outcome& replayed);

/// One or more lines, each with its newline, that say how the replay compares with the recording.
/// `took_s` is what the replay itself took.
std::string comparison_text(const recording& recorded, const replay_outcome& replayed,
                            double took_s);

/// {"record", "diverged": null or {"step", "index", "seconds", "why"}, "missed", "seconds",
/// "notes"}.
json describe(const recording& recorded, const what_if_outcome& tried);

/// [{"regex", "nearest": [{"line", "seconds", "difference"}]}]
json describe(const std::vector<missed_pattern>& missed);

/// Lines that say what came near, each with its newline.
std::string missed_text(const std::vector<missed_pattern>& missed);

/// The same for a person.
std::string divergence_text(const recording& recorded, const what_if_outcome& tried);

}  // namespace qh
