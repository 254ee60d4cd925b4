// What a night came to, as one JSON document: what history, comparison and reports are made from.
#pragma once

#include <filesystem>
#include <vector>

#include "base/json.hpp"

namespace qh {

/// Reads a night's folder, finished or not, or a run's folder as a night of one cell:
/// {"schema": 1, "night": id, "matrix": name, "description", "started", "finished", "folder",
///  "host", "wall_s", "shard", "counts": {status: number},
///  "cells": [{"name", "point", "outcome", "status", "reason", "seconds", "attempts": [{"outcome",
///    "reason", "record", "seconds", "nodes" where Slurm ran it}], "expected", "unexpected_pass",
///    "quarantine", and from the deciding attempt's result.json "scenario", "steps",
///    "measurements", "failures", "fingerprint", "excerpt", "captures", "started"}],
///  "missing": [names of cells that no shard ran]}
/// Statuses are cell_status's names. Throws a usage error where the folder is neither.
json read_night(const std::filesystem::path& folder);

/// Where `matrix` keeps the history of a night: history.db beside its folder.
std::filesystem::path history_beside(const std::filesystem::path& night);

/// One night made of the shards of one matrix. Throws a usage error where they are of several, and
/// where two of them have run the same cell.
json merge_nights(const std::vector<json>& shards);

}  // namespace qh
