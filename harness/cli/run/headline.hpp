// A finished run's verdict in one line.
#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/terminal/colour.hpp"

namespace qh {

/// Outcome, scenario, steps, time.
std::string headline(const json& result, const painter& paint);

}  // namespace qh
