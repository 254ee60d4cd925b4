// What can be told about a scenario only once all its steps are known.
#pragma once

#include "base/problem_list.hpp"
#include "scenario/parameter_scope.hpp"
#include "scenario/step_list.hpp"

namespace qh {

/// Names that nothing gives a value, steps that can never run, timeouts that can never be reached,
/// regexes that can never match: mistakes and warnings go to `problems`. `document` is the
/// scenario's own file.
void check_scenario(const json_document& document, const step_list& list, Duration timeout,
                    const parameter_scope& parameters, problem_list& problems);

}  // namespace qh
