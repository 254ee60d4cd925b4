// `qharness run`
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace qh {

/// Adds the command; `exit_code` is set when it was called. `program` is how the user calls us.
void add_run_command(CLI::App& app, const std::string& program, int& exit_code);

}  // namespace qh
