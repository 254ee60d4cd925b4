// The step "measure": records a number that earlier steps have captured.
#pragma once

#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct measure_step {
    static constexpr step_kind kind = {
        .key = "measure", .timeout = std::chrono::seconds(30), .filled_in = "measure/value"};

    std::vector<std::string_view> texts() const { return {}; }
    step_place place() const { return step_place::nowhere; }
};

/// `"measure": {"name", "value", …}`, with "check".
void read(step_reading& from, measure_step& step);

}  // namespace qh
