// Tells from the console how far a boot has come.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.hpp"
#include "scenario/steps/boot.hpp"

namespace qh {

/// Watches a boot without I/O. However the console's bytes are cut, the same is told.
class boot_watch {
  public:
    explicit boot_watch(bool lets_login_rest = true) : lets_login_rest_(lets_login_rest) {}

    /// The console showed a milestone of that kind.
    void on_milestone(std::string_view kind);

    /// `bytes` came, and the last line now shows `open_line`.
    void on_console(std::string_view bytes, std::string_view open_line, time_point now);

    /// A login's question has rested, if one stands in the open line.
    void tick(time_point now);

    /// When a prompt may have been buried under kernel messages: a console that has been silent
    /// until then deserves an Enter.
    std::optional<time_point> nudge_deadline() const { return nudge_deadline_; }

    /// An Enter was typed at `now`; the next one waits.
    void on_nudged(time_point now);

    /// When what looks like a shell's prompt has stood long enough to be none that is merely
    /// passing by. What an Enter brings back twice counts as one, whatever it looks like.
    std::optional<time_point> prompt_deadline() const { return prompt_deadline_; }

    /// When `tick` is due.
    std::optional<time_point> login_deadline() const { return login_deadline_; }

    /// The furthest state seen. Never `shell`: that is for the caller to prove.
    std::optional<boot_state> reached() const { return reached_; }

    /// What stands there since an Enter was typed; empty: nothing, or none was.
    const std::string& answer() const { return answer_; }

  private:
    void reach(boot_state state);
    void on_line(std::string_view line);
    void on_open_line(std::string_view line, time_point now);
    std::optional<Duration> prompt_rest(std::string_view line) const;

    bool lets_login_rest_;
    std::optional<boot_state> reached_;
    std::optional<time_point> prompt_deadline_, nudge_deadline_, login_deadline_;
    std::string line_;       ///< the open one's bytes, up to a limit
    std::string open_line_;  ///< as it shows
    std::string before_enter_, answer_;
    bool nudged_ = false, new_line_ = false;  ///< since the Enter
};

}  // namespace qh
