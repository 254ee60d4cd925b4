// What a CPU has, as the journal says it.
#pragma once

#include "base/json.hpp"
#include "machine/cpu_properties.hpp"

namespace qh {

/// {"on": [name…], "off": [name…], "vlen": bits, where it is known}.
json cpu_to_json(const cpu_properties& cpu);

/// Throws json's own exception on anything else.
cpu_properties cpu_from_json(const json& value);

}  // namespace qh
