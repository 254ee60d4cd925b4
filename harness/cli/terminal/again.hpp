// The command line that does the same once more.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace qh {

/// `program COMMAND argument OPTIONS…`, quoted for a shell, with every option that `command` was
/// given; its positional arguments are replaced by `argument`.
std::string same_command(const std::string& program, const CLI::App& command,
                         const std::string& argument);

}  // namespace qh
