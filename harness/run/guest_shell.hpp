// The guest's shell and Python as the engine uses them: one request at a time, whatever it takes.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "run/command_channel.hpp"
#include "run/python_session.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Opens the channel where it is closed, starts the interpreter where it is needed, and leaves
/// the channel where the user's own typing must reach the shell's prompt. Without I/O.
class guest_shell {
  public:
    explicit guest_shell(std::function<std::string()> random_word);

    /// Makes sure that a shell answers; `ready()` tells.
    void open(time_point now);
    bool ready() const { return channel_.current() == command_channel::state::idle && !step_; }

    /// Executes `code`; the result comes from `take_result`.
    void execute(command_step step, time_point now);

    /// Back to the shell's own prompt, where what is typed is read by the shell; `at_prompt()`
    /// tells.
    void leave(time_point now);
    bool at_prompt() const { return channel_.current() == command_channel::state::closed; }

    /// Ends the command in progress.
    void interrupt(time_point now);

    void feed(std::string_view bytes, time_point now);
    void tick(time_point now);
    std::optional<time_point> deadline() const { return channel_.deadline(); }
    bool tells_kernel_lines_apart() const { return channel_.tells_kernel_lines_apart(); }

    std::string take_typing() { return channel_.take_typing(); }
    std::vector<std::string> take_kernel_lines() { return channel_.take_kernel_lines(); }
    std::optional<channel_result> take_result() { return std::exchange(result_, {}); }

  private:
    void advance(time_point now);
    void on_channel_result(channel_result result);

    command_channel channel_;
    python_session python_;
    std::optional<command_step> step_;
    bool executing_ = false, starting_python_ = false, leaving_ = false;
    std::optional<channel_result> result_;
};

}  // namespace qh
