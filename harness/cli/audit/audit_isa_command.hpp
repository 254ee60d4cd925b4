// `qharness audit isa`.
#pragma once

namespace CLI {
class App;
}

namespace qh {

void add_audit_isa_command(CLI::App& audit, int& exit_code);

}  // namespace qh
