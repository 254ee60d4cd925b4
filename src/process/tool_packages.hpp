// The programs of the host that we call by their names, and the Debian packages that bring them.
#pragma once

#include <string_view>
#include <vector>

namespace qh {

struct tool_package {
    std::string_view name;
    std::vector<std::string_view> programs;
    std::string_view needed_for;  ///< behind "needed": "to build images"
    bool is_optional = false;     ///< most hosts do without what it is needed for
};

/// All of them. QEMU is not here: which one to run is the user's choice.
const std::vector<tool_package>& tool_packages();

/// The package that brings `program`; null where it is none of those.
const tool_package* package_of_tool(std::string_view program);

}  // namespace qh
