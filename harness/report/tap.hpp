// The Test Anything Protocol, version 14
// (https://testanything.org/tap-version-14-specification.html).
#pragma once

#include <string>

#include "matrix/night_result.hpp"

namespace qh {

/// A test point for each cell with its steps as a subtest. What is expected to fail or in
/// quarantine is TODO, what was not run SKIP, and what did not pass has a YAML block with why.
std::string tap_report(const night_result& night);

}  // namespace qh
