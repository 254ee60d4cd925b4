// The step "facts": asks the guest what it is.
#pragma once

#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct facts_step {
    static constexpr step_kind kind = {.key = "facts",
                                       .timeout = std::chrono::seconds(60),
                                       .gives_facts = true,
                                       .selection = step_selection_rule::always};

    std::vector<std::string_view> texts() const { return {}; }
    step_place place() const { return step_place::shell; }
};

/// `"facts": true`, with "check".
void read(step_reading& from, facts_step& step);

}  // namespace qh
