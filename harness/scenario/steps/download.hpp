// The step "download": a guest's file for the run's record.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct download_step {
    static constexpr step_kind kind = {
        .key = "download", .timeout = std::chrono::minutes(5), .filled_in = "download"};
    std::string from;
    std::string name;  ///< in the run directory's files/

    std::vector<std::string_view> texts() const { return {from, name}; }
    step_place place() const { return step_place::shell; }
};

/// `"download": PATH` or `{"from", "to"}`.
void read(step_reading& from, download_step& step);

}  // namespace qh
