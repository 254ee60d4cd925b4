// JUnit XML, as Jenkins' and GitLab's readers take it.
#pragma once

#include <string>

#include "matrix/night_result.hpp"

namespace qh {

/// A suite for each scenario, a case for each cell (its "classname" names the matrix and the
/// scenario). A failed cell is a failure of its outcome's type, an infrastructure error an error; a
/// flaky one passes with a flakyFailure for each attempt that failed; what is expected, in
/// quarantine or was not run is skipped, with why. Follows Jenkins' junit-10.xsd.
std::string junit_report(const night_result& night);

}  // namespace qh
