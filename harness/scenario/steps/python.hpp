// The step "python": a snippet for an interpreter that stays alive from step to step.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct python_step {
    static constexpr step_kind kind = {.key = "python",
                                       .timeout = std::chrono::minutes(5),
                                       .filled_in = "python",
                                       .is_code = true,
                                       .named_by_key = true,
                                       .has_output = true};
    std::string code;

    std::vector<std::string_view> texts() const { return {code}; }
    step_place place() const { return step_place::shell; }
};

/// `"python": SNIPPET`, with what checks its output.
void read(step_reading& from, python_step& step);

}  // namespace qh
