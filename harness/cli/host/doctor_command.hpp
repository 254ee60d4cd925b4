// `qharness doctor`
#pragma once

#include <CLI/CLI.hpp>

namespace qh {

/// Adds the command; `exit_code` is set when it was called.
void add_doctor_command(CLI::App& app, int& exit_code);

}  // namespace qh
