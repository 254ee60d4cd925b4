// Another scenario on a recorded machine: what would have been, as far as the recording can tell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "replay/near_match.hpp"
#include "replay/recording.hpp"
#include "run/live/run_session.hpp"
#include "scenario/outcome.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// The first step that ends otherwise than in the recording.
struct divergence {
    std::size_t index = 0;  ///< of the step in the scenario
    std::string step;
    double seconds = 0;  ///< since the recording's beginning
    std::string why;     ///< a sentence without its full stop
};

struct what_if_outcome {
    std::optional<run_outcome> outcome;  ///< none: the recording cannot tell
    std::optional<divergence> diverged;
    std::vector<missed_pattern> missed;  ///< of the first step that failed, or of the one left
    double seconds = 0;                  ///< of the recording that were replayed
};

/// Has `what` drive an engine that hears the recording under virtual time. As long as the engine
/// types what was typed then, the machine's answers are true. Where it types something else, or
/// waits while the recorded run went on, or the recording ends, nobody knows what the machine would
/// have said: the replay ends there without a verdict. `heard` as for replay_exactly.
what_if_outcome replay_edited(const recording& recorded, const scenario& what,
                              const recorder& heard);

}  // namespace qh
