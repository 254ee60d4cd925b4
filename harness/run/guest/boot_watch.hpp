// Tells from the console how far a boot has come.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Watches a boot without I/O.
class boot_watch {
  public:
    /// The console showed a milestone of that kind.
    void on_milestone(std::string_view kind);

    /// Looks at the open last line, where prompts stand.
    void on_open_line(std::string_view line, time_point now);

    /// When a prompt may have been buried under kernel messages: a console that has been silent
    /// until then deserves an Enter.
    std::optional<time_point> nudge_deadline() const { return nudge_deadline_; }

    /// An Enter was typed at `now`; the next one waits.
    void on_nudged(time_point now);

    /// When what looks like a prompt has stood long enough to be none that is merely passing by,
    /// as a "#" in the middle of a kernel message does.
    std::optional<time_point> prompt_deadline() const { return prompt_deadline_; }

    /// The furthest state seen. Never `shell`: that is for the caller to prove.
    std::optional<boot_state> reached() const { return reached_; }

  private:
    void reach(boot_state state);

    std::optional<boot_state> reached_;
    std::optional<time_point> prompt_deadline_;
    std::optional<time_point> nudge_deadline_;
};

}  // namespace qh
