// Nights, cells and attempts as JSON: on disk, in the history, on the page and for `--json`.
#pragma once

#include "base/json.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// A cell as night.json has it: {"name", "point", "params", "timeout_multiplier", "retries",
/// "expected": {"outcomes", "reason", "until"}, "quarantine"}.
json to_json(const cell& what);
cell cell_from_json(const json& value);

/// {"outcome", "reason", "record", "seconds", "nodes" where Slurm ran it}
json to_json(const cell_attempt& attempt);
cell_attempt attempt_from_json(const json& value);

/// {"schema": 1, "night": name, "matrix": name, "description", "started", "finished", "stopped",
///  "folder", "host", "wall_s", "shard", "partial", "counts": {status: number},
///  "cells": [a cell and {"outcome", "status", "reason", "seconds", "attempts", "unexpected_pass"}
///    and what its run_record has],
///  "all_cells", "missing": names}
json to_json(const night_result& night);
json to_json(const cell_result& cell);

/// What to_json() made, of this or an older version; what is missing keeps its default. Like the
/// others throws a usage error for an outcome or a status that is none, and a json exception for a
/// value of another type (written_json.hpp).
night_result night_from_json(const json& value);

}  // namespace qh
