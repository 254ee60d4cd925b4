// What a cell's attempts come to, and what that means for the night.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.hpp"
#include "matrix/matrix.hpp"
#include "scenario/outcome.hpp"

namespace qh {

/// One try of a cell, as its run's record tells it.
struct cell_attempt {
    run_outcome outcome = run_outcome::infra_error;
    std::string reason;
    std::string record;  ///< the run's folder, relative to the night's; empty: there is none
    std::optional<double> seconds = 0;  ///< nothing: `run --retries` does not record it
    bool impossible = false;            ///< QEMU or Slurm refuses it: no use in trying again
    /// Where it ran, if not here; of several, all but the last were lost with it still running.
    std::vector<std::string> nodes = {};

    bool operator==(const cell_attempt&) const = default;
};

/// How a cell ended: as one of its runs did, or as only several or none can.
enum class cell_outcome {
    passed,
    failed,
    timed_out,
    hung,
    panicked,
    crashed,
    reset,
    infra_error,
    interrupted,
    flaky,  ///< a failure, then a pass
    not_run
};
BOOST_DESCRIBE_ENUM(cell_outcome, passed, failed, timed_out, hung, panicked, crashed, reset,
                    infra_error, interrupted, flaky, not_run)

/// The outcome of a cell that ended as this run did.
cell_outcome as_cell_outcome(run_outcome outcome);

/// A cell's outcome, and why it is that.
struct cell_verdict {
    cell_outcome outcome = cell_outcome::not_run;
    std::string reason;
};

/// A failure and then a pass is flaky; a pass after nothing but infrastructure errors is a pass. A
/// failure is not forgotten because a later attempt was an infrastructure error.
cell_verdict verdict_of(const std::vector<cell_attempt>& attempts);

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
BOOST_DESCRIBE_ENUM(cell_status, passed, flaky, expected_failure, quarantined, failed, infra_error,
                    not_run)

/// In the order in which a person wants to know of them.
inline constexpr std::array told_first = {
    cell_status::failed,      cell_status::infra_error,      cell_status::flaky,
    cell_status::quarantined, cell_status::expected_failure, cell_status::not_run,
    cell_status::passed};
static_assert(told_first.size() ==
                  boost::mp11::mp_size<boost::describe::describe_enumerators<cell_status>>::value,
              "every status has its place");

/// `today` as YYYY-MM-DD: an expectation holds up to its day.
cell_status status_of(const cell& cell, cell_outcome outcome, std::string_view today);

/// Whether the cell passed although it was expected to fail: the expectation can go.
bool passed_unexpectedly(const cell& cell, cell_outcome outcome, std::string_view today);

/// Whether the guest decided how the cell ended. Of others neither the outcome nor the time it took
/// says anything about the guest.
bool guest_decided(cell_status status);

/// The process's exit code for a night of these: 2 where it was interrupted, else 1 where a cell
/// failed, else 6 where one has no verdict, else 0.
int exit_code(const std::vector<cell_status>& statuses, bool interrupted);

}  // namespace qh
