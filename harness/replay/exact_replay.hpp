// The engine once more on what it was told, held against what it told then.
#pragma once

#include <optional>

#include "replay/near_match.hpp"
#include "replay/recording.hpp"
#include "run/engine.hpp"
#include "run/live/run_session.hpp"

namespace qh {

/// Where a replay first tells something else than the recording.
struct replay_difference {
    std::size_t line = 0;  ///< of the journal
    double seconds = 0;
    json expected;  ///< the recorded event with "type" and "t"; null: the recording has none here
    json got;       ///< null: the replay has none here
};

/// The step that a replay was to stop after.
struct replay_stop {
    std::string step;
    step_outcome outcome;
    std::vector<std::string> console;  ///< its last lines then, as text, but hostile
};

struct replay_outcome {
    std::optional<run_outcome> outcome;  ///< none: the recording ends before a verdict
    std::optional<replay_difference> difference;
    std::optional<replay_stop> stopped;
    std::vector<missed_pattern> missed;  ///< of the first step that failed
    std::size_t events = 0;              ///< that were the same
    double seconds = 0;                  ///< how long what was replayed took
    std::optional<std::size_t>
        compared_until;  ///< the journal line behind which nothing was compared
};

/// With which the recorded engine was made. Throws json's own exception where run_started lacks
/// them.
engine_options recorded_options(const recording& recorded);

/// `until`: the name of a step, or its number from 1, behind which it stops; empty: none.
/// Replays under the recording's own times. `what` is the scenario that was run. `heard` gets what
/// the engine tells now, and of the recording what others than the engine told.
replay_outcome replay_exactly(const recording& recorded, const scenario& what,
                              const recorder& heard, const std::string& until = {});

}  // namespace qh
