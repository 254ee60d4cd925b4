#include "scenario/outcome.hpp"

namespace qh {

std::string_view name_of(step_outcome outcome) {
    switch (outcome) {
        case step_outcome::passed:
            return "passed";
        case step_outcome::failed:
            return "failed";
        case step_outcome::timed_out:
            return "timed_out";
        case step_outcome::skipped:
            return "skipped";
        case step_outcome::not_run:
            return "not_run";
    }
    return "";
}

std::string_view name_of(run_outcome outcome) {
    switch (outcome) {
        case run_outcome::passed:
            return "passed";
        case run_outcome::failed:
            return "failed";
        case run_outcome::timed_out:
            return "timed_out";
        case run_outcome::hung:
            return "hung";
        case run_outcome::panicked:
            return "panicked";
        case run_outcome::crashed:
            return "crashed";
        case run_outcome::reset:
            return "reset";
        case run_outcome::infra_error:
            return "infra_error";
        case run_outcome::interrupted:
            return "interrupted";
    }
    return "";
}

std::optional<run_outcome> outcome_named(std::string_view name) {
    using enum run_outcome;
    for (const auto outcome :
         {passed, failed, timed_out, hung, panicked, crashed, reset, infra_error, interrupted})
        if (name == name_of(outcome)) return outcome;
    return std::nullopt;
}

int exit_code(run_outcome outcome) {
    switch (outcome) {
        case run_outcome::passed:
            return 0;
        case run_outcome::interrupted:
            return 2;
        case run_outcome::infra_error:
            return 6;
        default:
            return 1;
    }
}

}  // namespace qh
