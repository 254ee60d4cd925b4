// When a step has had its time, and what the guest was doing with it.
#include "run/engine.hpp"
#include "run/judge/excerpt.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

/// Every step waits a little for the host; this much is worth telling.
constexpr auto notable_delay = 100ms;

std::string text_of(std::chrono::nanoseconds time) {
    return format_duration(std::chrono::duration_cast<Duration>(time));
}

std::string delay_text(std::chrono::nanoseconds delay) {
    if (delay < notable_delay) return "";
    return fmt::format(", not counting {} that the host kept QEMU waiting for a CPU",
                       text_of(delay));
}

}  // namespace

void engine::on_cpu_usage(const process_usage& usage, time_point now) {
    guest_.now = now;
    guest_.host_delay.on_usage(usage, now);
    guest_.activity.on_usage(usage, guest_.host_delay.total(), now);
}

/// When the guest will have been silent and idle for too long to be waited for.
std::optional<time_point> engine::idle_deadline() const {
    const auto quiet = guest_.activity.quiet_since();
    if (!quiet || current().idle_timeout == never) return std::nullopt;
    return std::max(*quiet, step_budget_.began()) + scaled(current().idle_timeout);
}

std::optional<time_point> engine::time_deadline() const {
    // A saving has a deadline of its own, the machine's.
    if (!is_expiring() || step_->halted_since()) return std::nullopt;
    auto next = std::min(step_budget_.deadline(guest_.host_delay.total()),
                         scenario_budget_.deadline(guest_.host_delay.total()));
    if (const auto idle = idle_deadline()) next = std::min(next, *idle);
    return next;
}

bool engine::needs_usage(time_point now) const {
    const auto due = time_deadline();
    return due && now >= *due;
}

void engine::watch_time() {
    if (!needs_usage(guest_.now)) return;
    const bool whole_scenario = scenario_is_out_of_time();
    const auto& budget = whole_scenario ? scenario_budget_ : step_budget_;
    if (guest_.now >= budget.deadline(guest_.host_delay.total()))
        expire_step(budget, whole_scenario ? " (the scenario's timeout)" : "");
    else
        give_up_idle_step();
}

bool engine::scenario_is_out_of_time() const {
    return guest_.now >= scenario_budget_.deadline(guest_.host_delay.total());
}

void engine::expire_step(const time_budget& budget, const std::string& whose) {
    using kind = activity::kind;
    const auto now = guest_.now;
    const auto doing = guest_.activity.current(now, budget.began());
    const auto delay = budget.delay_until(now, guest_.host_delay.total());
    const auto limit = format_duration(budget.limit()) + whose;
    if (doing == kind::gone) return await_end();
    if (budget.taken_by_host(guest_.host_delay.total()))
        return give_up_step(run_outcome::infra_error,
                            fmt::format("the host is too busy: in {} QEMU waited {} for a CPU and "
                                        "never had its {}; run less beside it",
                                        text_of(now - budget.began()), text_of(delay), limit));
    give_up_step(doing == kind::stopped ? run_outcome::infra_error
                 : doing == kind::idle  ? run_outcome::hung
                                        : run_outcome::timed_out,
                 fmt::format("no end within {}{}: the guest was {}", limit, delay_text(delay),
                             guest_.activity.text(now, budget.began())));
}

/// Nothing more will come of a guest that waits for nothing: its step need not run out of time.
void engine::give_up_idle_step() {
    using kind = activity::kind;
    const auto now = guest_.now;
    const auto doing = guest_.activity.current(now, step_budget_.began());
    if (doing == kind::gone) return await_end();
    if (doing == kind::stopped)
        return give_up_step(run_outcome::infra_error,
                            "the guest was " + guest_.activity.text(now, step_budget_.began()));
    give_up_step(
        run_outcome::hung,
        fmt::format("the guest was silent and idle for {}; nothing more was to come (idle_timeout)",
                    format_duration(scaled(current().idle_timeout))));
}

/// QEMU has ended by itself; how, and so the verdict, comes with its status.
void engine::await_end() {
    awaiting_end_ = true;
    guest_.machine.stop();
}

void engine::give_up_step(run_outcome outcome, const std::string& why) {
    end_step(step_->out_of_time(outcome, why, guest_));
}

/// Seconds the host kept QEMU waiting during the step in progress; none: not worth telling.
std::optional<double> engine::step_delay_s() const {
    const auto delay = step_budget_.delay_until(guest_.now, guest_.host_delay.total());
    if (delay < notable_delay) return std::nullopt;
    return std::chrono::duration<double>(delay).count();
}

}  // namespace qh
