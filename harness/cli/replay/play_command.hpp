// `qharness play`: a recorded console in the terminal.
#pragma once

namespace CLI {
class App;
}

namespace qh {

void add_play_command(CLI::App& app, int& exit_code);

}  // namespace qh
