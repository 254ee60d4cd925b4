// A recorded console at the speed that a person wants.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.hpp"

namespace qh {

/// A piece of what is played.
struct play_item {
    time_point when;    ///< by the recording's clock
    std::string bytes;  ///< for the terminal
    std::string step;   ///< that begins here; empty: none
};

struct play_options {
    double speed = 1;
    std::optional<Duration> idle_limit;  ///< no pause is longer
    std::string step;                    ///< where to begin: its name, or its number from 1
};

/// Decides what is shown when, without I/O. Keys: space pauses and goes on, `.` shows the next
/// piece of a paused one, `n` jumps to the next step, `+` and `-` change the speed, `q` and Ctrl-C
/// end it.
class player {
  public:
    explicit player(play_options options);

    /// The next piece of the recording; only where `wants_item()`.
    void offer(play_item item, time_point now);
    bool wants_item() const { return !next_; }

    /// The bytes to show now; nothing where none are due.
    std::string take(time_point now);

    /// When `take` is due; none: not before a key.
    std::optional<time_point> deadline() const;

    void on_key(char key, time_point now);
    bool ended() const { return ended_; }
    bool paused() const { return paused_; }

    /// Whether the step that was to be found was.
    bool found_step() const { return step_wanted_.empty(); }

  private:
    bool is_wanted(const std::string& step) const;

    play_options options_;
    std::string step_wanted_;
    std::size_t steps_seen_ = 0;
    std::optional<play_item> next_;
    time_point due_{};                          ///< of `next_`, unless paused
    std::optional<time_point> shown_;           ///< the recording's time of what was shown last
    time_point shown_at_{};                     ///< and ours
    std::optional<time_point::duration> left_;  ///< of the wait, when it was paused
    std::string passed_over_;                   ///< the end of what a jump did not show
    bool paused_ = false, ended_ = false, jumping_ = false, single_ = false;
};

/// Guest bytes as text that does nothing in a terminal but move along its line: all other control
/// characters and what is no UTF-8 are shown as `\xNN`.
class harmless_text {
  public:
    std::string feed(std::string_view bytes);

  private:
    std::string unfinished_;
};

}  // namespace qh
