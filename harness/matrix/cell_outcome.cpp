#include "matrix/cell_outcome.hpp"

#include <algorithm>

namespace qh {
namespace {

bool is_failure(const cell_attempt& attempt) {
    return attempt.outcome != "passed" && attempt.outcome != "infra_error" &&
           attempt.outcome != "interrupted";
}

bool still_expected(const cell& cell, std::string_view today) {
    return cell.expected && today <= cell.expected->until;
}

}  // namespace

cell_outcome outcome_of(const std::vector<cell_attempt>& attempts) {
    if (attempts.empty()) return {"not_run", ""};
    const auto& last = attempts.back();
    const auto failure = std::find_if(attempts.rbegin(), attempts.rend(), is_failure);
    if (failure == attempts.rend() || last.outcome == "interrupted")
        return {last.outcome, last.reason};
    if (last.outcome != "passed") return {failure->outcome, failure->reason};
    return {"flaky", fmt::format("passed at attempt {} (attempt {}: {}: {})", attempts.size(),
                                 attempts.rend() - failure, failure->outcome, failure->reason)};
}

std::string_view name_of(cell_status status) {
    switch (status) {
        case cell_status::passed:
            return "passed";
        case cell_status::flaky:
            return "flaky";
        case cell_status::expected_failure:
            return "expected_failure";
        case cell_status::quarantined:
            return "quarantined";
        case cell_status::failed:
            return "failed";
        case cell_status::infra_error:
            return "infra_error";
        case cell_status::not_run:
            return "not_run";
    }
    return "";
}

cell_status status_of(const cell& cell, std::string_view outcome, std::string_view today) {
    if (outcome == "not_run" || outcome == "interrupted") return cell_status::not_run;
    if (outcome == "passed") return cell_status::passed;
    if (still_expected(cell, today) &&
        std::ranges::find(cell.expected->outcomes, outcome) != cell.expected->outcomes.end())
        return cell_status::expected_failure;
    if (outcome == "flaky") return cell_status::flaky;
    if (!cell.quarantine.empty()) return cell_status::quarantined;
    return outcome == "infra_error" ? cell_status::infra_error : cell_status::failed;
}

bool is_decided(const cell& cell, const std::vector<cell_attempt>& attempts,
                std::string_view today) {
    if (attempts.empty() || attempts.back().outcome == "interrupted") return false;
    const auto& last = attempts.back();
    return last.outcome == "passed" || last.impossible ||
           status_of(cell, last.outcome, today) == cell_status::expected_failure ||
           attempts.size() > cell.settings.retries.value_or(0);
}

bool passed_unexpectedly(const cell& cell, std::string_view outcome, std::string_view today) {
    return outcome == "passed" && still_expected(cell, today);
}

int exit_code(const std::vector<cell_status>& statuses, bool interrupted) {
    const auto any = [&](cell_status status) {
        return std::ranges::find(statuses, status) != statuses.end();
    };
    if (interrupted) return exit_code(fault::interrupted);
    if (any(cell_status::failed)) return 1;
    // What was not run for another reason was given up because infrastructure failed.
    if (any(cell_status::infra_error) || any(cell_status::not_run))
        return exit_code(fault::infrastructure);
    return 0;
}

}  // namespace qh
