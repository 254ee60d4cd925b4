// The options that decide on which machine a command works.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace CLI {
class App;
}

namespace qh {

/// What the command line says of the machine; empty parts say nothing.
struct machine_options {
    std::string image, cpu, memory, append, qemu;
    std::string kernel, initrd;
    std::vector<std::string> drives;
    unsigned harts = 0;

    /// Adds all but the image to the command, for this object to receive.
    void add_to(CLI::App& command);

    /// The command line's word goes before the scenario's. Throws a usage error.
    void apply_to(machine_request& machine) const;
};

}  // namespace qh
