// What the host was while a run was made: figures compare only on the same one.
#pragma once

#include "base/json.hpp"

namespace qh {

/// {"cpu": the processor's name, "cores": number, "load": average over the last minute}; what the
/// host does not tell is missing.
json describe_host();

}  // namespace qh
