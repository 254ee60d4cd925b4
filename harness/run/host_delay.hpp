// How long a host too busy for its guest has kept QEMU from running.
#pragma once

#include <chrono>
#include <map>
#include <optional>

#include "machine/shutdown_plan.hpp"
#include "process/cpu_usage.hpp"

namespace qh {

/// Adds up, from one sample of QEMU's threads to the next, what the most delayed of them waited
/// for a CPU: never more than the time between the samples, and nothing while the guest idles.
/// Time that nobody sampled in, since this program was itself kept from running, counts too.
/// Where the kernel does not tell of waits, a thread that computes for less than nine tenths of
/// the time is taken to have waited for the rest, unless QEMU is idle.
class host_delay {
  public:
    void on_usage(const process_usage& usage, time_point now);
    std::chrono::nanoseconds total() const { return total_; }

  private:
    std::chrono::nanoseconds within(const process_usage& usage,
                                    std::chrono::nanoseconds interval) const;

    std::optional<time_point> sampled_;
    std::map<int, thread_usage> threads_;  ///< at `sampled_`, by id
    std::chrono::nanoseconds total_{0};
};

}  // namespace qh
