// `qharness completion` and `qharness man`: what the program tells of itself.
#pragma once

namespace CLI {
class App;
}

namespace qh {

/// Adds the commands; `exit_code` is set when one was called.
void add_manual_commands(CLI::App& app, int& exit_code);

}  // namespace qh
