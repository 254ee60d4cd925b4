// The guest's shell given back to a person.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "run/guest/guest_shell.hpp"

namespace qh {

/// Brings a guest's shell from serving us back to its own prompt: ends a command in progress, and
/// has the shell echo and prompt again. A guest that does not obey is given over as it is. Without
/// I/O.
class handover {
  public:
    /// `shell` must outlive this.
    handover(guest_shell& shell, time_point now);

    void feed(std::string_view bytes, time_point now) { shell_.feed(bytes, now); }
    void feed_channel(std::string_view bytes, time_point now) { shell_.feed_channel(bytes, now); }
    void tick(time_point now) { shell_.tick(now); }

    /// When `tick` is due.
    time_point deadline() const;

    std::string take_typing() { return shell_.take_typing(); }
    std::string take_channel_typing() { return shell_.take_channel_typing(); }

    /// Whether the console is the person's now.
    bool over(time_point now) const { return shell_.at_prompt() || now >= gives_up_; }

    /// Whether a shell waits at its prompt, so that Enter shows one.
    bool at_prompt() const { return shell_answered_ && shell_.at_prompt(); }

  private:
    guest_shell& shell_;
    time_point gives_up_;
    bool shell_answered_;
};

}  // namespace qh
