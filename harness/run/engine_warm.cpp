// The step "warm": a point from which later runs may start.
#include "run/engine.hpp"

namespace qh {
namespace {

/// Guests that go on from one state would all tell the time of its saving, and draw the same random
/// numbers.
command_step wake(const json& told) {
    return {
        command_step::language::shell,
        fmt::format("date -s @{} >/dev/null; echo {} >/dev/urandom",
                    told.at("epoch_s").get<std::int64_t>(), told.at("entropy").get<std::string>())};
}

}  // namespace

void engine::advance_warm(time_point now) {
    if (!std::exchange(command_begun_, true)) {
        saving_since_ = now;
        return machine_.save_warm_point();
    }
    if (!warm_point_ || (waking_ && !shell_.take_result())) return;
    pass_step(now, {{"warm", *warm_point_}});
}

void engine::on_warm_point(const json& told, time_point now) {
    if (!step_running_ || !std::holds_alternative<warm_step>(current().action)) return;
    warm_point_ = {{"how", told.at("how")}, {"reason", told.at("reason")}};
    if (const auto since = std::exchange(saving_since_, std::nullopt))
        for (auto* budget : {&step_budget_, &scenario_budget_}) budget->leave_out(now - *since);
    waking_ = told.at("how") != "none" && shell_.ready();
    if (waking_) shell_.execute(wake(told), now);
    proceed(now);
}

}  // namespace qh
