// The way to a guest's shell: what boots and logins share.
#pragma once

#include <optional>
#include <string>

#include "run/steps/running_step.hpp"

namespace qh {

/// A boot that goes on until `until`: opens the shell behind a prompt that has come to rest.
std::optional<step_end> boot_to(boot_state until, guest& on);

/// When that is due.
std::optional<time_point> boot_deadline(boot_state until, const guest& on);

/// Types an Enter where silence may hide a prompt; `wanted`: whether the step needs to see one.
void nudge(guest& on, bool wanted);

/// What the guest answers to an Enter, as the end of a reason; empty where it answers nothing.
std::string answer_to_enter(const guest& on);

/// `reason`, with how far the boot got.
std::string boot_so_far(const std::string& reason, const guest& on);

}  // namespace qh
