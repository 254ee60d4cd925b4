// A scenario as it was run, in its run's record: what scenario.json alone does not say.
#pragma once

#include <filesystem>

#include "record/run_directory.hpp"
#include "record/secret_mask.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Writes scenario.json (resolved) and the files that may be typed into the guest (`uploads/`, each
/// under its SHA-256), with secrets masked.
void record_scenario(const scenario& what, const secret_mask& mask, const run_directory& directory);

/// {"timeout_multiplier", "channel", "masked": whether there are secrets, "left_out": [step
/// indices], "uploads": [{"step": index, "size_bytes", "sha256", "serial", "unusable"}]}: the
/// member "replay" of run_started. The scenario has files' contents not at all, and texts masked.
json describe_for_replay(const scenario& what, double timeout_multiplier, const secret_mask& mask);

/// The scenario that `folder` is the record of, on the machine that `run` tells of. Where a
/// secret stood is its mask, which a regex takes literally. Nothing outside `folder` is read but
/// the shipped failure patterns. Throws a usage error where scenario.json cannot be read or is none
/// to this qharness, and json's own exception where `run` lacks something.
scenario restore_scenario(const std::filesystem::path& folder, const events::run_started& run);

/// Whether a regex of a restored scenario held a secret: what that matched, its mask may not.
bool has_masked_regex(const scenario& restored);

/// The same machine for another scenario.
void restore_machine(scenario& what, const events::run_started& run);

}  // namespace qh
