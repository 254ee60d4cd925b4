#include "run/steps/running_step.hpp"

#include "run/steps/running_steps.hpp"

namespace qh {

step_end step_end::passed(json details) {
    return {.details = std::move(details)};
}

step_end step_end::skipped(std::string reason, json details) {
    return {.outcome = step_outcome::skipped,
            .reason = std::move(reason),
            .details = std::move(details)};
}

step_end step_end::failed(run_outcome run, std::string reason, json details) {
    const bool late = run == run_outcome::timed_out || run == run_outcome::hung;
    return {.outcome = late ? step_outcome::timed_out : step_outcome::failed,
            .run = run,
            .reason = std::move(reason),
            .details = std::move(details)};
}

step_end running_step::out_of_time(run_outcome run, std::string reason, guest&) {
    return step_end::failed(run, std::move(reason));
}

std::unique_ptr<running_step> make_running(const step& step) {
    return std::visit([&](const auto& action) { return make_running(step, action); }, step.action);
}

}  // namespace qh
