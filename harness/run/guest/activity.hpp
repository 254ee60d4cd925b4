// What a machine is doing: printing, computing, idle, or unable to do anything.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "base/units.hpp"
#include "process/cpu_usage.hpp"

namespace qh {

/// A QEMU that takes less than this share of one CPU has an idle guest: a booted one takes a few
/// percent for its timers.
inline constexpr double idle_share = 0.2;

/// Told of the machine's output and of QEMU's use of the host; without I/O.
class activity {
  public:
    enum class kind {
        printing,
        computing,  ///< silent, and QEMU runs or waits for a CPU
        idle,       ///< silent, and QEMU has nothing to do
        stopped,    ///< QEMU's process is stopped, or QEMU has paused the guest
        gone,       ///< QEMU's process has ended; how, its exit status will tell
    };

    /// The guest said something. What it says right after `on_nudged` is but an answer to us.
    void on_output(time_point now);
    void on_nudged(time_point now) { nudged_ = now; }
    void on_paused(bool paused) { paused_ = paused; }

    /// `host_delay`: how long the host has kept QEMU waiting so far in all.
    void on_usage(const process_usage& usage, std::chrono::nanoseconds host_delay, time_point now);

    /// Looks at the last seconds, but not further back than `since`.
    kind current(time_point now, time_point since) const;

    /// "still printing", "silent for 42 s but computing (QEMU used 35 % of a CPU)", "silent for
    /// 42 s and idle (QEMU used 2 % of a CPU)".
    std::string text(time_point now, time_point since) const;

    /// Since when the guest has been silent and idle, as of the last sample; none: it is not, or
    /// it may as well be starved.
    std::optional<time_point> quiet_since() const;

  private:
    struct sample {
        time_point when;
        std::chrono::nanoseconds cpu_time;
        std::chrono::nanoseconds host_delay;
    };
    struct shares {
        double ran, waited;  ///< of one CPU's time
        bool idle() const { return ran + waited < idle_share; }
    };

    std::optional<shares> shares_since(time_point when) const;
    std::string shares_text(time_point now, time_point since) const;

    time_point last_output_{};
    std::optional<time_point> nudged_;
    std::optional<time_point> idle_since_;
    process_state state_ = process_state::running;
    bool paused_ = false;
    std::deque<sample> samples_;
};

}  // namespace qh
