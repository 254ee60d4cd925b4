// What a machine was doing when its time ran out.
#pragma once

#include <deque>
#include <string>

#include "machine/shutdown_plan.hpp"

namespace qh {

/// Samples QEMU's CPU time and the console's output; says whether a silent guest computes.
class activity {
  public:
    enum class kind { printing, computing, idle };

    void on_output(time_point now) { last_output_ = now; }
    void on_cpu_time(time_point now, Duration cpu_time);

    kind current(time_point now) const;

    /// "still printing", "silent for 42 s but computing", "silent for 42 s and idle".
    std::string text(time_point now) const;

  private:
    struct sample {
        time_point when;
        Duration cpu_time;
    };

    time_point last_output_{};
    std::deque<sample> samples_;
};

}  // namespace qh
