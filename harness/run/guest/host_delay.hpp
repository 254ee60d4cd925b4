// How long a host too busy for its guest has kept QEMU from running.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/units.hpp"
#include "console/failure_watch.hpp"
#include "process/cpu_usage.hpp"

namespace qh {

/// Adds up, from one sample of QEMU's threads to the next, what the most delayed of them waited
/// for a CPU: never more than the time between the samples, and nothing while the guest idles.
/// Time that nobody sampled in, since this program was itself kept from running, counts too.
/// What the host's own hypervisor took from it counts by its share of the host's CPU time.
/// Where the kernel does not tell of waits, a thread that computes for less than nine tenths of
/// the time is taken to have waited for the rest, unless QEMU is idle.
class host_delay {
  public:
    void on_usage(const process_usage& usage, time_point now);
    std::chrono::nanoseconds total() const { return total_; }

    /// Its part within the `span` before the last sample.
    std::chrono::nanoseconds within_last(std::chrono::nanoseconds span) const;

  private:
    std::chrono::nanoseconds within(const process_usage& usage,
                                    std::chrono::nanoseconds interval) const;

    std::optional<time_point> sampled_;
    std::map<int, thread_usage> threads_;  ///< at `sampled_`, by id
    host_cpu_time host_;                   ///< at `sampled_`
    std::chrono::nanoseconds total_{0};
    std::deque<std::pair<time_point, std::chrono::nanoseconds>> history_;  ///< of `total_`
};

/// Why what `watchdog` told may be the host's fault and not the guest's, `waited` of the time it
/// counted having been the host's; empty where the guest is to blame. One that is gets blamed when
/// its watchdog speaks again, for then more than enough of the time was its own.
std::string excuse_for(const guest_watchdog& watchdog, std::chrono::nanoseconds waited);

}  // namespace qh
