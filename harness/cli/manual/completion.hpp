// Scripts that have a shell complete the command line, from the same data as --help.
#pragma once

#include <string>

#include "cli/manual/command_tree.hpp"

namespace qh {

/// Each completes commands, options, and values: names of scenarios, images and CPUs come from
/// `qharness list`, when they are wanted.
std::string bash_completion(const command_entry& root);
std::string zsh_completion(const command_entry& root);
std::string fish_completion(const command_entry& root);

/// The section of `qharness list` that has the values of this kind; empty where none has.
std::string list_section(value_kind kind);

}  // namespace qh
