#include "run/guest/host_delay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/guest/activity.hpp"

namespace qh {
namespace {

using std::chrono::nanoseconds;

/// A thread that computes without end on a quiet host still loses a little to others.
constexpr double full_share = 0.9;

/// We sample more often, unless the host stops or starves us too; what the guest said then is still
/// to be read.
constexpr nanoseconds longest_watched = std::chrono::seconds(5);

/// Of a watchdog's time the host must have had one in so many parts to be blamed.
constexpr int blamed_part = 4;

/// A quarter of an hour at one sample a second: more than any watchdog waits.
constexpr std::size_t most_samples = 900;

nanoseconds estimated_wait(nanoseconds ran, nanoseconds interval) {
    const double share = std::chrono::duration<double>(ran) / interval;
    if (share < idle_share) return nanoseconds(0);
    return std::max(nanoseconds(0),
                    interval - std::chrono::duration_cast<nanoseconds>(ran / full_share));
}

/// The hypervisor's part of what a thread seems to have run.
nanoseconds stolen_from(nanoseconds ran, const host_cpu_time& before, const host_cpu_time& after) {
    const auto stolen = after.stolen - before.stolen;
    const auto had_work = after.busy - before.busy + stolen;
    if (stolen <= nanoseconds(0) || had_work <= nanoseconds(0)) return nanoseconds(0);
    const double share = std::chrono::duration<double>(stolen) / had_work;
    return std::chrono::duration_cast<nanoseconds>(ran * share);
}

}  // namespace

void host_delay::on_usage(const process_usage& usage, time_point now) {
    if (sampled_ && now <= *sampled_) return;
    if (sampled_) total_ += within(usage, now - *sampled_);
    sampled_ = now;
    history_.emplace_back(now, total_);
    if (history_.size() > most_samples) history_.pop_front();
    host_ = usage.host;
    threads_.clear();
    for (const auto& thread : usage.threads) threads_[thread.id] = thread;
}

nanoseconds host_delay::within_last(nanoseconds span) const {
    if (history_.empty()) return nanoseconds(0);
    const auto since = history_.back().first - span;
    const auto first =
        std::ranges::lower_bound(history_, since, {}, [](const auto& s) { return s.first; });
    return total_ - first->second;
}

nanoseconds host_delay::within(const process_usage& usage, nanoseconds interval) const {
    nanoseconds most_ran{0}, most_waited{0};
    for (const auto& thread : usage.threads) {
        auto ran = thread.ran, waited = thread.waited;
        const auto before = threads_.find(thread.id);
        // An id whose counters went back has been given to a new thread.
        if (before != threads_.end() && before->second.ran <= ran &&
            before->second.waited <= waited) {
            ran -= before->second.ran;
            waited -= before->second.waited;
        }
        most_ran = std::max(most_ran, ran);
        most_waited = std::max(most_waited, waited);
    }
    const auto waited =
        usage.knows_waits ? std::min(most_waited, interval) : estimated_wait(most_ran, interval);
    const auto stolen = stolen_from(most_ran, host_, usage.host);
    return std::max(std::min(waited + stolen, interval), interval - longest_watched);
}

std::string excuse_for(const guest_watchdog& watchdog, nanoseconds waited) {
    if (waited < watchdog.elapsed / blamed_part || watchdog.elapsed - waited >= watchdog.limit)
        return {};
    return fmt::format(
        "the host is too busy: for {} of the {} that the guest's watchdog counted, QEMU waited for "
        "a CPU",
        format_duration(std::chrono::duration_cast<Duration>(waited)),
        format_duration(watchdog.elapsed));
}

}  // namespace qh
