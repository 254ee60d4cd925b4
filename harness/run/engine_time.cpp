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
    host_delay_.on_usage(usage, now);
    activity_.on_usage(usage, host_delay_.total(), now);
}

/// When the guest will have been silent and idle for too long to be waited for.
std::optional<time_point> engine::idle_deadline() const {
    const auto quiet = activity_.quiet_since();
    if (!quiet || current().idle_timeout == never) return std::nullopt;
    return std::max(*quiet, step_budget_.began()) + scaled(current().idle_timeout);
}

std::optional<time_point> engine::time_deadline() const {
    // A saving has a deadline of its own, the machine's.
    if (!step_running_ || drain_deadline_ || awaiting_end_ || saving_since_) return std::nullopt;
    auto next = std::min(step_budget_.deadline(host_delay_.total()),
                         scenario_budget_.deadline(host_delay_.total()));
    if (const auto idle = idle_deadline()) next = std::min(next, *idle);
    return next;
}

bool engine::needs_usage(time_point now) const {
    const auto due = time_deadline();
    return due && now >= *due;
}

void engine::watch_time(time_point now) {
    if (!needs_usage(now)) return;
    const bool whole_scenario = scenario_is_out_of_time(now);
    const auto& budget = whole_scenario ? scenario_budget_ : step_budget_;
    if (now >= budget.deadline(host_delay_.total()))
        expire_step(budget, whole_scenario ? " (the scenario's timeout)" : "", now);
    else
        give_up_idle_step(now);
}

bool engine::scenario_is_out_of_time(time_point now) const {
    return now >= scenario_budget_.deadline(host_delay_.total());
}

void engine::expire_step(const time_budget& budget, const std::string& whose, time_point now) {
    using kind = activity::kind;
    const auto doing = activity_.current(now, budget.began());
    const auto delay = budget.delay_until(now, host_delay_.total());
    const auto limit = format_duration(budget.limit()) + whose;
    if (doing == kind::gone) return await_end();
    if (budget.taken_by_host(host_delay_.total()))
        return give_up_step(run_outcome::infra_error,
                            fmt::format("the host is too busy: in {} QEMU waited {} for a CPU and "
                                        "never had its {}; run less beside it",
                                        text_of(now - budget.began()), text_of(delay), limit),
                            now);
    give_up_step(doing == kind::stopped ? run_outcome::infra_error
                 : doing == kind::idle  ? run_outcome::hung
                                        : run_outcome::timed_out,
                 fmt::format("no end within {}{}: the guest was {}", limit, delay_text(delay),
                             activity_.text(now, budget.began())),
                 now);
}

/// Nothing more will come of a guest that waits for nothing: its step need not run out of time.
void engine::give_up_idle_step(time_point now) {
    using kind = activity::kind;
    const auto doing = activity_.current(now, step_budget_.began());
    if (doing == kind::gone) return await_end();
    if (doing == kind::stopped)
        return give_up_step(run_outcome::infra_error,
                            "the guest was " + activity_.text(now, step_budget_.began()), now);
    give_up_step(
        run_outcome::hung,
        fmt::format("the guest was silent and idle for {}; nothing more was to come (idle_timeout)",
                    format_duration(scaled(current().idle_timeout))),
        now);
}

/// QEMU has ended by itself; how, and so the verdict, comes with its status.
void engine::await_end() {
    awaiting_end_ = true;
    machine_.stop();
}

void engine::give_up_step(run_outcome outcome, const std::string& why, time_point now) {
    auto reason = why;
    if (const auto* expect = std::get_if<expect_step>(&current().action))
        reason = fmt::format("{} did not come: {}", expect->text(), reason);
    const bool reboots = std::holds_alternative<reboot_step>(current().action);
    if (reboots && rebooting_) reason = "the guest did not reset: " + reason;
    if (std::holds_alternative<boot_step>(current().action) || (reboots && !rebooting_))
        reason = fmt::format("the boot got as far as \"{}\": {}",
                             boot_.reached() ? name_of(*boot_.reached()) : "power-on", reason);
    if (std::holds_alternative<warm_step>(current().action))
        return fail_step(run_outcome::infra_error,
                         "the guest did not go on from its warm point: " + reason, now);
    const bool is_command = !std::holds_alternative<boot_step>(current().action) &&
                            !std::holds_alternative<expect_step>(current().action) &&
                            !std::holds_alternative<send_step>(current().action) &&
                            !std::holds_alternative<login_step>(current().action);
    fail_step(outcome, reason, now, is_command ? interrupt_command(now) : json::object());
}

/// Seconds the host kept QEMU waiting during the step in progress; none: not worth telling.
std::optional<double> engine::step_delay_s(time_point now) const {
    const auto delay = step_budget_.delay_until(now, host_delay_.total());
    if (delay < notable_delay) return std::nullopt;
    return std::chrono::duration<double>(delay).count();
}

}  // namespace qh
