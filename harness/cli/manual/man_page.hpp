// The manual page, from the same data as --help.
#pragma once

#include <string>

#include "cli/manual/command_tree.hpp"

namespace qh {

/// A page for section 1 in man(7)'s macros.
std::string man_page(const command_entry& root, const std::string& version);

}  // namespace qh
