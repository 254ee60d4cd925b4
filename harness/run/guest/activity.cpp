#include "run/guest/activity.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace qh {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr nanoseconds window = 10s;
/// Between a key that we type unasked and the guest's answer to it.
constexpr auto answer_time = 1s;
/// A guest that takes a whole CPU may also be caught in a loop.
constexpr double spinning_share = 0.9;

/// What counts as recent to somebody who has watched since `since`.
nanoseconds recent(time_point now, time_point since) {
    return std::min<nanoseconds>(window, (now - since) / 2);
}

}  // namespace

void activity::on_output(time_point now) {
    if (!nudged_ || now - *nudged_ > answer_time) last_output_ = now;
}

void activity::on_usage(const process_usage& usage, nanoseconds host_delay, time_point now) {
    state_ = usage.state;
    samples_.push_back({now, usage.cpu_time, host_delay});
    while (samples_.size() > 2 && now - samples_.front().when > window) samples_.pop_front();
    const auto used = shares_since(now - window);
    if (!usage.knows_waits || !used || !used->idle())
        idle_since_.reset();
    else if (!idle_since_)
        idle_since_ = samples_.front().when;
}

activity::kind activity::current(time_point now, time_point since) const {
    if (state_ == process_state::gone) return kind::gone;
    if (state_ == process_state::stopped || paused_) return kind::stopped;
    if (now - last_output_ < recent(now, since)) return kind::printing;
    const auto used = shares_since(now - recent(now, since));
    return used && used->idle() ? kind::idle : kind::computing;
}

std::string activity::text(time_point now, time_point since) const {
    const auto silent =
        std::chrono::duration_cast<std::chrono::seconds>(now - last_output_).count();
    switch (current(now, since)) {
        case kind::printing:
            return "still printing";
        case kind::computing:
            return fmt::format("silent for {} s but computing{}", silent, shares_text(now, since));
        case kind::idle:
            return fmt::format("silent for {} s and idle{}", silent, shares_text(now, since));
        case kind::stopped:
            return paused_ ? "paused by QEMU (QMP event STOP)"
                           : "not running: QEMU's process is stopped (SIGSTOP)";
        case kind::gone:
            return "not running: QEMU's process has ended";
    }
    return {};
}

std::string activity::shares_text(time_point now, time_point since) const {
    const auto used = shares_since(now - recent(now, since));
    if (!used) return "";
    auto text = fmt::format("{} (QEMU used {:.0f} % of a CPU",
                            used->ran >= spinning_share ? " or spinning" : "", 100 * used->ran);
    if (used->waited >= 0.01)
        text += fmt::format(" and waited for one {:.0f} % of the time", 100 * used->waited);
    return text + ")";
}

std::optional<activity::shares> activity::shares_since(time_point when) const {
    if (samples_.size() < 2) return std::nullopt;
    const auto& last = samples_.back();
    // The last two samples at least, however long ago.
    auto first = samples_.end() - 2;
    while (first != samples_.begin() && (first - 1)->when >= when) --first;
    const std::chrono::duration<double> wall = last.when - first->when;
    if (wall <= 0s) return std::nullopt;
    return shares{(last.cpu_time - first->cpu_time) / wall,
                  (last.host_delay - first->host_delay) / wall};
}

std::optional<time_point> activity::quiet_since() const {
    if (!idle_since_) return std::nullopt;
    return std::max(*idle_since_, last_output_);
}

}  // namespace qh
