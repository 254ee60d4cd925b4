// How a machine is ended: asked over QMP, then by SIGTERM, then by SIGKILL.
#pragma once

#include <chrono>
#include <optional>

#include "base/units.hpp"

namespace qh {

/// Escalates until the process is gone; without I/O, under whatever clock the caller has.
class shutdown_plan {
  public:
    enum class action { none, qmp_quit, terminate, kill };

    /// Begins at `now`, with QMP's quit where QMP answers. Beginning again changes nothing.
    action begin(time_point now, bool qmp_answers);

    /// The next, harsher action if its time has come.
    action tick(time_point now);

    /// When `tick` is due.
    std::optional<time_point> deadline() const { return deadline_; }

    bool begun() const { return begun_; }

    /// Time each gentler way gets before the next.
    static constexpr Duration patience = std::chrono::seconds(2);

  private:
    action take(action next, time_point now);

    bool begun_ = false;
    action last_ = action::none;
    std::optional<time_point> deadline_;
};

}  // namespace qh
