// The step "expect": waits for what the console shows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/expectation.hpp"
#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

enum class expect_outcome { pass, fail, skip };

/// Which pattern comes first decides. Of matches that begin at the same place the first in the
/// list wins: what fails, then what skips, then what passes.
struct expect_step {
    static constexpr step_kind kind = {.key = "expect", .timeout = std::chrono::seconds(30)};
    std::vector<expected_pattern> patterns;
    std::vector<expect_outcome> outcomes;  ///< one for each pattern

    /// The patterns that pass, as `/a/ or /b/`.
    std::string text() const;

    std::vector<std::string_view> texts() const { return {}; }
    step_place place() const { return step_place::console; }
};

/// `"expect": REGEX` or `{"pass": …, "fail": …, "skip": …, "lines": N}`.
void read(step_reading& from, expect_step& step);

}  // namespace qh
