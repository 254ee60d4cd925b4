// `qharness audit isa`.
#pragma once

#include <CLI/CLI.hpp>

namespace qh {

void add_audit_isa_command(CLI::App& audit, int& exit_code);

}  // namespace qh
