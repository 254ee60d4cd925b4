// What the step in progress waits for, and the console's lines meanwhile.
#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "console/transcript.hpp"
#include "replay/near_match.hpp"
#include "run/events/event.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Holds what a step gets against the regexes that would pass it, to tell what came near: each
/// console line in an `expect`, and the output of a command.
class console_watch {
  public:
    /// `what` must outlive this.
    explicit console_watch(const scenario& what) : what_(what) {}

    /// What the engine tells.
    void on_told(const event& told);

    void feed(std::string_view bytes, double seconds);

    /// The console's last lines, at most `count`, and the open one.
    std::vector<std::string> recent(std::size_t count) const;

    /// Of the first step that failed; nothing where none did or its regexes all matched.
    const std::vector<missed_pattern>& missed() const { return missed_; }

    /// Of the `expect` in progress.
    std::vector<missed_pattern> awaited() const;

    /// When a line first matched one of the regexes, though nobody took it; none did: empty.
    std::optional<near_match> came() const;

  private:
    void begin(const step& step);
    void on_started(const events::step_started& told);
    void on_finished(const events::step_finished& told);
    void note_failed(const step& step, const events::step_finished& told);
    struct timed_line {
        std::string text;
        double seconds;
    };

    const scenario& what_;
    const step* in_progress_ = nullptr;
    bool failed_ = false;
    std::vector<missed_pattern> missed_;
    transcript text_;
    std::deque<timed_line> recent_;
    std::deque<near_matches> patterns_;
};

/// The same of a text whose lines come at once, as a command's output does.
std::vector<missed_pattern> missed_in(const std::string& text,
                                      const std::vector<std::string>& regexes);

}  // namespace qh
