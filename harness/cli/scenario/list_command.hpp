// `qharness list`
#pragma once

namespace CLI {
class App;
}

namespace qh {

/// Adds the command; `exit_code` is set when it was called.
void add_list_command(CLI::App& app, int& exit_code);

}  // namespace qh
