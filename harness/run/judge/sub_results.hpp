// What a test program prints of its own tests: KTAP, TAP or JSON lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/outcome.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// One test of a program's.
struct sub_result {
    std::string name;  ///< with those of the tests around it: "suite / case"
    step_outcome outcome = step_outcome::passed;  ///< passed, failed or skipped
    std::string reason;
};

struct sub_results {
    std::vector<sub_result> results;
    /// Why they are not all that was to come: a plan that was not kept, "Bail out!", none at all.
    std::string problem;

    /// Why they do not make a step that passed; empty where they do.
    std::string failure() const;
    bool all_skipped() const;
};

/// Reads an output; lines that belong to no result are passed over. Names and reasons are made
/// harmless. KTAP is https://docs.kernel.org/dev-tools/ktap.html, TAP https://testanything.org
/// (version 14); time stamps of the kernel in front of lines are left out. A JSON line is
/// `{"test": name, "outcome": "passed" | "failed" | "skipped", "reason": text}`. What is expected
/// to fail (TODO, XFAIL) and does counts as skipped.
sub_results read_sub_results(result_format format, std::string_view output);

}  // namespace qh
