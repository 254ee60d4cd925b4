// The step "send": types on the console.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct send_step {
    static constexpr step_kind kind = {
        .key = "send", .timeout = std::chrono::seconds(30), .filled_in = "send", .is_code = true};
    std::string text;  ///< bytes to type, keys already resolved

    std::vector<std::string_view> texts() const { return {text}; }
    step_place place() const { return step_place::console; }
};

/// `"send": TEXT` with keys such as `<enter>`.
void read(step_reading& from, send_step& step);

}  // namespace qh
