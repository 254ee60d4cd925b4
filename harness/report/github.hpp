// What GitHub Actions shows of a night.
#pragma once

#include <string>

#include "base/json.hpp"

namespace qh {

/// Markdown for $GITHUB_STEP_SUMMARY, under its limit of 1 MiB: counts, and what did not pass with
/// its evidence. Text from guests becomes no markup.
std::string github_summary(const json& night);

/// Workflow commands (`::error title=…::…`) for the cells that fail the night, and warnings for
/// flakes; GitHub shows ten of each a step.
std::string github_annotations(const json& night);

}  // namespace qh
