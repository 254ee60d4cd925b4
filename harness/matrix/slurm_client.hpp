// Slurm's own commands. Each has a deadline.
#pragma once

#include <string>
#include <vector>

#include "base/units.hpp"
#include "matrix/slurm_batch.hpp"

namespace qh {

/// Runs one of Slurm's commands. Throws an infrastructure error with its words where it fails, does
/// not answer in time or is not installed.
std::string call_slurm(std::vector<std::string> argv);

/// What the cluster has. Throws like `call_slurm`.
slurm_cluster ask_cluster();

/// Why Slurm would never run what needs this (`needs_of`), in its own words; empty: it would, or
/// it did not say.
std::string refusal_of(const std::vector<std::string>& needs);

}  // namespace qh
