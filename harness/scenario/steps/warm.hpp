// The step "warm": a point from which later runs may start.
#pragma once

#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct warm_step {
    static constexpr step_kind kind = {.key = "warm",
                                       .timeout = std::chrono::minutes(5),
                                       .is_warm_point = true,
                                       .selection = step_selection_rule::always};

    std::vector<std::string_view> texts() const { return {}; }
    step_place place() const { return step_place::nowhere; }
};

/// `"warm": true`.
void read(step_reading& from, warm_step& step);

}  // namespace qh
