// From the machine as it was asked for to the one that QEMU is told of.
#pragma once

#include "base/json.hpp"
#include "launch/image_provider.hpp"
#include "machine/machine_spec.hpp"
#include "scenario/scenario.hpp"

namespace qh {

struct machine_plan {
    machine_spec spec;
    json image;  ///< {"name", "digest"}, or null where there is none
};

/// Has `images` find what the machine boots, and checks what can be known before QEMU is started.
/// Throws a usage error, and what `images` throws.
machine_plan plan_machine(const machine_request& request, image_provider& images);

/// Gives the machine what the steps want of it: files for uploads, and leave to reboot.
void fit_machine_to_steps(machine_spec& spec, const std::vector<step>& steps);

}  // namespace qh
