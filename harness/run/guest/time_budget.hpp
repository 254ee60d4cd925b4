// A timeout that counts the time the host gave the guest, not the time on the wall.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/units.hpp"

namespace qh {

/// Begins somewhere, and is spent once the time since then, less what the host kept QEMU waiting
/// meanwhile, has reached its limit; at the latest when `most_stretch` times the limit has gone
/// by on the wall clock. `host_delay` is always the run's total.
class time_budget {
  public:
    using nanoseconds = std::chrono::nanoseconds;

    static constexpr int most_stretch = 10;

    time_budget() = default;
    time_budget(Duration limit, time_point now, nanoseconds host_delay)
        : limit_(limit), began_(now), delay_before_(host_delay) {}

    /// Time in which the guest was not to get on counts for nothing.
    void leave_out(nanoseconds time) { began_ += time; }

    Duration limit() const { return limit_; }
    time_point began() const { return began_; }

    /// When it is spent, should the host keep QEMU waiting no longer.
    time_point deadline(nanoseconds host_delay) const {
        return began_ +
               std::min<nanoseconds>(limit_ + (host_delay - delay_before_), most_stretch * limit_);
    }

    /// Whether the host had so much of the time that the guest never got its limit.
    bool taken_by_host(nanoseconds host_delay) const {
        return limit_ + (host_delay - delay_before_) > most_stretch * limit_;
    }

    /// What of the time since the beginning the host kept QEMU waiting.
    nanoseconds delay_until(time_point now, nanoseconds host_delay) const {
        return std::clamp<nanoseconds>(host_delay - delay_before_, nanoseconds(0), now - began_);
    }

  private:
    Duration limit_{0};
    time_point began_{};
    nanoseconds delay_before_{0};
};

}  // namespace qh
