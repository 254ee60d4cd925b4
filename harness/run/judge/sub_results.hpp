// What a test program prints of its own tests: KTAP, TAP or JSON lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "scenario/outcome.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Of one output; more are a problem of it.
inline constexpr std::size_t most_sub_results = 10000;

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

    /// The first test's reason where all were skipped, so that nothing ran; else empty.
    std::string why_skipped() const;
};

/// A guest's text as a name or a reason: printable, without blanks around it, cut.
std::string harmless_text(std::string_view text);

/// Reads an output; lines that belong to no result are passed over. TAP and KTAP are told in
/// tap_reader. A JSON line is `{"test": name, "outcome": "passed" | "failed" | "skipped", "reason":
/// text}`. What is expected to fail (TODO, XFAIL) and does counts as skipped.
sub_results read_sub_results(result_format format, std::string_view output);

}  // namespace qh
