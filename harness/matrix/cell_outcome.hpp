// What a cell's attempts come to, and what that means for the night.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "matrix/matrix.hpp"

namespace qh {

/// One try of a cell, as its run's record tells it. `outcome` is a run outcome's name.
struct cell_attempt {
    std::string outcome;
    std::string reason;
    std::string record;  ///< the run's folder, relative to the night's; empty: there is none
    double seconds = 0;
    bool impossible = false;  ///< QEMU or Slurm refuses it: no use in trying again
    /// Where it ran, if not here; of several, all but the last were lost with it still running.
    std::vector<std::string> nodes = {};

    bool operator==(const cell_attempt&) const = default;
};

/// How a cell ended: a run outcome's name, "flaky" or "not_run".
struct cell_outcome {
    std::string outcome;
    std::string reason;
};

/// A failure and then a pass is flaky; a pass after nothing but infrastructure errors is a pass. A
/// failure is not forgotten because a later attempt was an infrastructure error.
cell_outcome outcome_of(const std::vector<cell_attempt>& attempts);

/// Whether the cell is done with: it passed, failed as expected or has used its retries up.
bool is_decided(const cell& cell, const std::vector<cell_attempt>& attempts,
                std::string_view today);

/// What a cell counts as.
enum class cell_status {
    passed,
    flaky,
    expected_failure,
    quarantined,  ///< did not pass, which fails no night
    failed,
    infra_error,
    not_run  ///< interrupted too
};

std::string_view name_of(cell_status status);

/// `today` as YYYY-MM-DD: an expectation holds up to its day.
cell_status status_of(const cell& cell, std::string_view outcome, std::string_view today);

/// Whether the cell passed although it was expected to fail: the expectation can go.
bool passed_unexpectedly(const cell& cell, std::string_view outcome, std::string_view today);

/// The process's exit code for a night of these: 2 where it was interrupted, else 1 where a cell
/// failed, else 6 where one has no verdict, else 0.
int exit_code(const std::vector<cell_status>& statuses, bool interrupted);

}  // namespace qh
