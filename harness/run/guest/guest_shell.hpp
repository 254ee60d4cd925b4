// The guest's shell and Python as the engine uses them: one request at a time, whatever it takes.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "run/guest/command_channel.hpp"
#include "run/guest/python_session.hpp"
#include "run/guest/second_shell.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// A command for the guest's shell, a Python snippet, or the harness's own questions.
struct shell_request {
    enum class language { shell, python, facts };
    language language = language::shell;
    std::string code = {};
    bool stderr_apart = false;
};

/// Opens the channel where it is closed, starts the interpreter where it is needed, and leaves
/// the channel where the user's own typing must reach the shell's prompt. Without I/O.
///
/// Where the guest has a second console (second_shell) and the choice allows it, commands go
/// there, and the first one is left to the kernel and to what the user types.
class guest_shell {
  public:
    guest_shell(std::function<std::string()> random_word, channel_choice choice,
                line_use console = line_use::shared);

    /// Makes sure that a shell answers; `ready()` tells.
    void open(time_point now);
    bool ready() const;

    /// Executes the request; the result comes from `take_result`.
    void execute(shell_request request, time_point now);

    /// Back to the shell's own prompt, where what is typed is read by the shell; `at_prompt()`
    /// tells.
    void leave(time_point now);
    bool at_prompt() const { return console_closed() && second_ != second::answering; }

    /// Ends the command in progress.
    void interrupt(time_point now);

    /// Bytes from the console, and from the second one.
    void feed(std::string_view bytes, time_point now);
    void feed_channel(std::string_view bytes, time_point now);
    void tick(time_point now);
    std::optional<time_point> deadline() const;
    bool tells_kernel_lines_apart() const { return console_.tells_kernel_lines_apart(); }

    std::string take_typing() { return console_.take_typing(); }
    std::string take_channel_typing() { return channel_.take_typing(); }
    std::vector<std::string> take_kernel_lines() { return console_.take_kernel_lines(); }
    std::optional<channel_result> take_result() { return std::exchange(result_, {}); }

    /// What the command in progress has printed so far.
    std::string output_so_far() const { return active().output_so_far(); }

    /// Why no command can be executed as the scenario asks; empty where one can.
    const std::string& problem() const { return problem_; }

  private:
    /// How far the shell on the second console is.
    enum class second {
        unused,
        wanted,
        starting,   ///< the console's shell starts it, or ends what keeps it busy
        answering,  ///< it was started and is being opened
        in_use
    };

    command_channel& active() { return second_ == second::in_use ? channel_ : console_; }
    const command_channel& active() const {
        return second_ == second::in_use ? channel_ : console_;
    }
    bool console_closed() const { return console_.current() == command_channel::state::closed; }
    bool settled() const { return second_ == second::unused || second_ == second::in_use; }
    void advance(time_point now);
    void advance_second(time_point now);
    void on_second_started(const channel_result& result, time_point now);
    void do_without_second(const std::string& reason, time_point now);
    void execute_request(time_point now);
    void on_channel_result(channel_result result);

    command_channel console_, channel_;
    python_session python_;
    channel_choice choice_;
    second second_;
    std::optional<time_point> answer_deadline_;
    std::optional<shell_request> request_;
    bool executing_ = false, starting_python_ = false, leaving_ = false;
    std::optional<channel_result> result_;
    std::string problem_;
};

}  // namespace qh
