// Does a command's result satisfy its step?
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/expectation.hpp"
#include "run/judge/measurements.hpp"
#include "run/judge/sub_results.hpp"
#include "scenario/scenario.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {

struct step_check {
    std::string reason;   ///< why not; empty when all holds
    std::string skipped;  ///< why the guest cannot do it; empty when it can
    captures captured;
    std::vector<sub_result> results;
};

/// First asks whether the step is to be skipped; then checks sub-results, the exit status, `match`,
/// `not_match` and `match_stderr`, takes the captures, then compares and adds to `measured`.
/// `lookup` knows parameters, facts and earlier captures; this step's come first. Patterns see the
/// output whole, `^` and `$` at each line's ends. `errors` is standard error where the step has it
/// apart.
step_check check_step(const step& step, int status, std::string_view output,
                      std::string_view errors, const name_lookup& lookup,
                      measurement_series& measured);

}  // namespace qh
