// The step "wait": lets the guest's time pass.
#pragma once

#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct wait_step {
    /// What a wait may take beyond its time, where it says nothing else.
    static constexpr Duration patience = std::chrono::seconds(30);

    static constexpr step_kind kind = {.key = "wait", .timeout = patience};
    Duration time{};

    std::vector<std::string_view> texts() const { return {}; }
    step_place place() const { return step_place::nowhere; }
};

/// `"wait": DURATION`.
void read(step_reading& from, wait_step& step);

}  // namespace qh
