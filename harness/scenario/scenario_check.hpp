// What can be told about a scenario only once all its steps are known.
#pragma once

#include "base/problem_list.hpp"
#include "scenario/parameter_scope.hpp"
#include "scenario/step_list.hpp"

namespace qh {

/// What the steps run in.
struct step_context {
    const json_document* own_document = nullptr;  ///< the scenario's; none: it is not known
    const parameter_scope* parameters = nullptr;  ///< the scenario's
    Duration timeout = Duration::max();           ///< of all steps together
};

/// Names that nothing gives a value, steps that can never run, timeouts that can never be reached,
/// regexes that can never match, names that stand twice and captures that nothing uses: mistakes,
/// warnings and notes go to `problems`. Of steps whose scenario is not known, names without a value
/// are notes: it may capture them.
void check_scenario(const step_context& context, const step_list& list, problem_list& problems);

}  // namespace qh
