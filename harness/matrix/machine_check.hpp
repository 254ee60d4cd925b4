// Machines looked at by the real QEMU before anything is booted.
#pragma once

#include <string>
#include <vector>

#include "machine/machine_spec.hpp"

namespace qh {

struct machine_answer {
    std::string refusal;   ///< why there can be no such machine, in QEMU's words
    std::string warnings;  ///< what QEMU said though it did not refuse it, and what befell it
    std::string qemu_version;
};

/// What decides on whether QEMU takes the machine: equal texts are one machine.
std::string machine_check_key(const machine_spec& spec);

/// Starts each machine, paused and with little memory, and ends it once it answers; `jobs` at a
/// time. Answers are in the machines' order.
std::vector<machine_answer> check_machines(const std::vector<machine_spec>& specs,
                                           std::size_t jobs);

}  // namespace qh
