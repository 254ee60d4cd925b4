// What GitHub Actions shows of a night.
#pragma once

#include <string>

#include "matrix/night_result.hpp"

namespace qh {

/// Markdown for $GITHUB_STEP_SUMMARY, under its limit of 1 MiB: counts, and what did not pass with
/// its evidence. Text from guests becomes no markup.
std::string github_summary(const night_result& night);

/// Workflow commands (`::error title=…::…`) for the cells that fail the night, and warnings for
/// flakes; GitHub shows ten of each a step.
std::string github_annotations(const night_result& night);

}  // namespace qh
