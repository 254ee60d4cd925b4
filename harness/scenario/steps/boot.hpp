// The step "boot": waits until the guest has booted so far.
#pragma once

#include <boost/describe/enum.hpp>
#include <string_view>
#include <vector>

#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

/// What a boot has reached.
enum class boot_state { kernel, init, login, shell };
BOOST_DESCRIBE_ENUM(boot_state, kernel, init, login, shell)

struct boot_step {
    static constexpr step_kind kind = {.key = "boot",
                                       .timeout = std::chrono::minutes(3),
                                       .idle_timeout = std::chrono::seconds(60),
                                       .selection = step_selection_rule::always};
    boot_state until = boot_state::shell;

    /// The texts that captured values are put into.
    std::vector<std::string_view> texts() const { return {}; }
    step_place place() const {
        return until == boot_state::shell ? step_place::shell : step_place::nowhere;
    }
};

/// `"boot": STATE` or `{"until": STATE}`. As all readers of steps, throws json_document's problem.
void read(step_reading& from, boot_step& step);

}  // namespace qh
