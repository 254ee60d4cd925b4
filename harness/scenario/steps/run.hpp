// The step "run": a command for the guest's shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct run_step {
    static constexpr step_kind kind = {.key = "run",
                                       .timeout = std::chrono::seconds(60),
                                       .filled_in = "run",
                                       .is_code = true,
                                       .has_output = true};
    std::string code;
    bool stderr_apart = false;

    std::vector<std::string_view> texts() const { return {code}; }
    step_place place() const { return step_place::shell; }
};

/// `"run": COMMAND`, with what checks its output, and "stderr" and "match_stderr".
void read(step_reading& from, run_step& step);

}  // namespace qh
