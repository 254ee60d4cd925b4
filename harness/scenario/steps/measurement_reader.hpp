// What a step measures, from JSON.
#pragma once

#include "base/object_reader.hpp"
#include "scenario/steps/step.hpp"

namespace qh {

/// Reads the member "measure": `"jsonl"`, `{"jsonl": true, …}` or `{"name", "value", "unit", …}`,
/// with "warmup", "repeats", "better", "at_least" and "at_most". Throws `json_document::problem`.
measurement_source read_measurement(const json_document& document, object_reader& step);

}  // namespace qh
