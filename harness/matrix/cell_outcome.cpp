#include "matrix/cell_outcome.hpp"

#include <algorithm>

namespace qh {
namespace {

bool is_failure(const cell_attempt& attempt) {
    switch (attempt.outcome) {
        case run_outcome::failed:
        case run_outcome::timed_out:
        case run_outcome::hung:
        case run_outcome::panicked:
        case run_outcome::crashed:
        case run_outcome::reset:
            return true;
        case run_outcome::passed:
        case run_outcome::infra_error:
        case run_outcome::interrupted:
            return false;
    }
    return false;
}

bool still_expected(const cell& cell, std::string_view today) {
    return cell.expected && today <= cell.expected->until;
}

bool is_expected(const cell& cell, cell_outcome outcome, std::string_view today) {
    return still_expected(cell, today) &&
           std::ranges::find(cell.expected->outcomes, outcome, as_cell_outcome) !=
               cell.expected->outcomes.end();
}

}  // namespace

cell_outcome as_cell_outcome(run_outcome outcome) {
    switch (outcome) {
        case run_outcome::passed:
            return cell_outcome::passed;
        case run_outcome::failed:
            return cell_outcome::failed;
        case run_outcome::timed_out:
            return cell_outcome::timed_out;
        case run_outcome::hung:
            return cell_outcome::hung;
        case run_outcome::panicked:
            return cell_outcome::panicked;
        case run_outcome::crashed:
            return cell_outcome::crashed;
        case run_outcome::reset:
            return cell_outcome::reset;
        case run_outcome::infra_error:
            return cell_outcome::infra_error;
        case run_outcome::interrupted:
            return cell_outcome::interrupted;
    }
    return cell_outcome::infra_error;
}

cell_verdict verdict_of(const std::vector<cell_attempt>& attempts) {
    if (attempts.empty()) return {};
    const auto& last = attempts.back();
    const auto failure = std::find_if(attempts.rbegin(), attempts.rend(), is_failure);
    if (failure == attempts.rend() || last.outcome == run_outcome::interrupted)
        return {as_cell_outcome(last.outcome), last.reason};
    if (last.outcome != run_outcome::passed)
        return {as_cell_outcome(failure->outcome), failure->reason};
    return {cell_outcome::flaky,
            fmt::format("passed at attempt {} (attempt {}: {}: {})", attempts.size(),
                        attempts.rend() - failure, name_of(failure->outcome), failure->reason)};
}

cell_status status_of(const cell& cell, cell_outcome outcome, std::string_view today) {
    switch (outcome) {
        case cell_outcome::not_run:
        case cell_outcome::interrupted:
            return cell_status::not_run;
        case cell_outcome::passed:
            return cell_status::passed;
        case cell_outcome::flaky:
            return cell_status::flaky;
        case cell_outcome::failed:
        case cell_outcome::timed_out:
        case cell_outcome::hung:
        case cell_outcome::panicked:
        case cell_outcome::crashed:
        case cell_outcome::reset:
        case cell_outcome::infra_error:
            break;
    }
    if (is_expected(cell, outcome, today)) return cell_status::expected_failure;
    if (!cell.quarantine.empty()) return cell_status::quarantined;
    return outcome == cell_outcome::infra_error ? cell_status::infra_error : cell_status::failed;
}

bool is_decided(const cell& cell, const std::vector<cell_attempt>& attempts,
                std::string_view today) {
    if (attempts.empty() || attempts.back().outcome == run_outcome::interrupted) return false;
    const auto& last = attempts.back();
    return last.outcome == run_outcome::passed || last.impossible ||
           is_expected(cell, as_cell_outcome(last.outcome), today) ||
           attempts.size() > cell.settings.retries.value_or(0);
}

bool passed_unexpectedly(const cell& cell, cell_outcome outcome, std::string_view today) {
    return outcome == cell_outcome::passed && still_expected(cell, today);
}

bool guest_decided(cell_status status) {
    switch (status) {
        case cell_status::passed:
        case cell_status::flaky:
        case cell_status::expected_failure:
        case cell_status::quarantined:
        case cell_status::failed:
            return true;
        case cell_status::infra_error:
        case cell_status::not_run:
            return false;
    }
    return false;
}

int exit_code(const std::vector<cell_status>& statuses, bool interrupted) {
    if (interrupted) return exit_code(fault::interrupted);
    bool failed = false, incomplete = false;
    for (const auto status : statuses) {
        switch (status) {
            case cell_status::passed:
            case cell_status::flaky:
            case cell_status::expected_failure:
            case cell_status::quarantined:
                break;
            case cell_status::failed:
                failed = true;
                break;
            // What was not run for another reason was given up because infrastructure failed.
            case cell_status::infra_error:
            case cell_status::not_run:
                incomplete = true;
                break;
        }
    }
    if (failed) return 1;
    return incomplete ? exit_code(fault::infrastructure) : 0;
}

}  // namespace qh
