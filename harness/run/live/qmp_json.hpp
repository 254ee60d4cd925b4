// What QEMU says on QMP as the journal has it.
#pragma once

#include "base/json.hpp"
#include "qmp/qmp_session.hpp"

namespace qh {

/// {"event": name, "id": n, "data": …}; a reply has no name, and a failure instead "error", QEMU's
/// words. Greetings are none of these.
json qmp_to_json(const qmp_message& message);

/// Throws json's own exception on anything else.
qmp_message qmp_from_json(const json& value);

}  // namespace qh
