// The options that decide on which machine a command works.
#pragma once

#include <string>

#include "scenario/machine_fields.hpp"

namespace CLI {
class App;
}

namespace qh {

/// Adds those that machine_fields has to the command, for `said` to receive, which must outlive it.
/// `image` is how the command names the image: an option, or a positional argument.
void add_machine_options(CLI::App& command, machine_overrides& said, const std::string& image);

}  // namespace qh
