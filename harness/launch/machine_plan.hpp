// From the machine as it was asked for to the one that QEMU is told of.
#pragma once

#include "base/json.hpp"
#include "machine/machine_spec.hpp"
#include "scenario/scenario.hpp"

namespace qh {

struct machine_plan {
    machine_spec spec;
    json image;  ///< {"name", "digest"}, or null where there is none
};

/// Finds the image, or builds it where `may_build`, and checks what can be known before QEMU is
/// started. Throws a usage error, or an infrastructure error where an image cannot be had.
machine_plan plan_machine(const machine_request& request, bool may_build);

/// Gives the machine what the steps want of it: files for uploads, and leave to reboot.
void fit_machine_to_steps(machine_spec& spec, const std::vector<step>& steps);

}  // namespace qh
