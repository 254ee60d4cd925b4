// `qharness play`: a recorded console in the terminal.
#pragma once

#include <CLI/CLI.hpp>

namespace qh {

void add_play_command(CLI::App& app, int& exit_code);

}  // namespace qh
