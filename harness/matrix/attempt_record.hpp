// What an attempt has left behind, whoever ran it.
#pragma once

#include <filesystem>
#include <string>

#include "base/json.hpp"
#include "matrix/cell_outcome.hpp"

namespace qh {

/// Whether a run's result is in the attempt's folder. Where it cannot be looked for, there is none.
bool has_result(const std::filesystem::path& folder);

/// What the run's own record in the folder says of it. Without a result it is an infrastructure
/// error: `how_it_ended` ("qharness run exited with status 4"), and the log's last lines. Throws
/// where there is one that cannot be read.
cell_attempt judge_attempt(const std::filesystem::path& folder, const std::filesystem::path& log,
                           const std::string& how_it_ended);

/// The one attempt that a run's result.json, which is in `run`, tells of. Throws a usage error
/// where it has no outcome, and a json exception for another type.
cell_attempt attempt_of_run(const json& result, const std::filesystem::path& run);

/// An infrastructure error with the record that there is.
cell_attempt failed_attempt(const std::filesystem::path& folder, const std::string& reason);

/// One that was told to end before it had a result.
cell_attempt interrupted_attempt();

}  // namespace qh
