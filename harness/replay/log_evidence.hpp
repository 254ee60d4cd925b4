// What a bare log can show of a step of each kind.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "console/expectation.hpp"
#include "scenario/steps/step_action.hpp"

namespace qh {

struct log_evidence {
    /// The lines by which the step is known; empty: only a machine can answer it.
    std::vector<expected_pattern> patterns = {};
    std::vector<expect_outcome> outcomes = {};  ///< one for each pattern; empty: the step passes
    std::string absence = {};  ///< why it failed where none came; empty: it is skipped then
    std::string echo = {};     ///< of a command, whose output stands behind it; empty: none
    bool keeps_line = false;   ///< the line it is known by may hold a command's echo, too
    bool by_prompt = false;    ///< known by the guest's prompt, which `guest_prompts` tells

    /// Whether the steps behind it wait for it.
    bool must_come() const { return !absence.empty(); }
};

using text_filler = std::function<std::string(std::string_view)>;

/// `filled` puts the values that are known by now into a text.
log_evidence evidence_of(const step_action& action, const text_filler& filled);

}  // namespace qh
