// QEMU's use of the host as the journal has it.
#pragma once

#include "base/json.hpp"
#include "process/cpu_usage.hpp"

namespace qh {

/// {"state": "running", "cpu_ms": …, "waits": true, "host": [busy_ns, stolen_ns], "threads": [[id,
/// ran_ns, waited_ns], …]}; the third numbers are not there where the kernel does not tell of
/// waits.
json usage_to_json(const process_usage& usage);

/// Throws json's own exception on anything else.
process_usage usage_from_json(const json& value);

}  // namespace qh
