// What an audit found, for people and for programs.
#pragma once

#include <string>

#include "audit/build_audit.hpp"
#include "base/json.hpp"

namespace qh {

/// A table of all findings, the lines to add, and what it comes to.
std::string audit_text(const build_audit& audit);

/// {"ready", "missing", "advised", "lines", "requirements": [{"name", "level", "state", …}]}
json audit_json(const build_audit& audit);

}  // namespace qh
