// The step "reboot": the guest goes down by itself and boots again.
#pragma once

#include "scenario/steps/boot.hpp"
#include "scenario/steps/step_kind.hpp"

namespace qh {

struct step_reading;

struct reboot_step {
    static constexpr step_kind kind = {.key = "reboot",
                                       .timeout = std::chrono::minutes(5),
                                       .idle_timeout = std::chrono::seconds(60),
                                       .reboots = true};
    boot_state until = boot_state::shell;

    std::vector<std::string_view> texts() const { return {}; }
    step_place place() const { return step_place::shell; }
};

/// `"reboot": true` or the state to boot to.
void read(step_reading& from, reboot_step& step);

}  // namespace qh
