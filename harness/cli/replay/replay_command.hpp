// `qharness replay`: what the engine says of a recorded console.
#pragma once

namespace CLI {
class App;
}

namespace qh {

void add_replay_command(CLI::App& app, int& exit_code);

}  // namespace qh
