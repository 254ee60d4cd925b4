// The step "poweroff": the guest ends itself.
#pragma once

#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct poweroff_step {
    static constexpr step_kind kind = {.key = "poweroff",
                                       .timeout = std::chrono::seconds(60),
                                       .ends_guest = true,
                                       .selection = step_selection_rule::always};

    std::vector<std::string_view> texts() const { return {}; }
    step_place place() const { return step_place::shell; }
};

/// `"poweroff": true`.
void read(step_reading& from, poweroff_step& step);

}  // namespace qh
