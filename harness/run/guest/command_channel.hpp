// Commands on a bare serial shell with their exact exit status and their own output.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/units.hpp"
#include "console/crlf_lines.hpp"
#include "console/kernel_line_filter.hpp"

namespace qh {

/// What to execute. `text` arrives in the guest's shell variable `__c`, whatever bytes it holds
/// (but NUL); `invocation` is a short shell text that uses it and leaves a status in `__s`.
struct channel_request {
    std::string text;
    /// The loop of its own keeps a stray `break` or `continue` from ending the command with 0.
    std::string invocation =
        R"((for __i in 1;do eval "$__c";exit $?;done;echo 'no loop to break or continue'>&2;exit 2))"
        R"(</dev/null;__s=$?)";
    bool stderr_apart = false;  ///< whether standard error comes in a text of its own
};

struct channel_result {
    int status = 0;
    std::string output;
    std::size_t dropped_bytes = 0;  ///< what the output had beyond the limit, not kept
    std::string errors;             ///< standard error, where it was asked for apart
    std::size_t dropped_error_bytes = 0;
    std::string problem;  ///< why there is no status; empty where there is one
};

/// Who else writes to a channel's line.
enum class line_use {
    shared,  ///< the kernel: the console
    own      ///< nobody
};

/// Drives a POSIX shell (bash, dash, busybox ash) behind a serial line, without I/O.
///
/// An interactive shell edits, wraps and echoes what is typed, cuts long lines and prints
/// prompts. So the channel has the shell itself read lines in a loop, with the terminal's echo
/// and output processing off: nothing is echoed, nothing is wrapped, `\n` arrives as `\n`, and
/// on a shared line the kernel's own lines, which end in `\r\n`, can be told apart
/// (kernel_line_filter). It has the kernel put its time stamps on where that is allowed.
///
/// A result stands between markers that are printed from two halves of a random word, so
/// that no echo of our own text can look like one.
class command_channel {
  public:
    /// How each command begins that prints a marker.
    static constexpr std::string_view prints_marker = "printf '\\n@@%s%s:";

    /// `random_word` gives a fresh word of letters and digits at each call.
    command_channel(std::function<std::string()> random_word, line_use use);

    enum class state { closed, opening, idle, sending, running, closing };
    state current() const { return state_; }

    /// Whether the console's bytes are the channel's: the shell was heard to answer.
    bool established() const { return state_ != state::closed && state_ != state::opening; }

    /// Whether `take_kernel_lines` has all that the kernel prints. Not where the guest has no stty.
    bool tells_kernel_lines_apart() const { return established() && output_processing_off_; }

    /// From a shell's prompt: asks the shell to serve us, again every few seconds until it answers.
    void open(time_point now);

    /// From `idle`: executes; the result comes from `take_result`.
    void execute(channel_request request, time_point now);

    /// From `idle`: back to the shell's own prompt.
    void close(time_point now);

    /// Ends a command: Ctrl-C, and where no shell answers to that, Ctrl-\, and then Ctrl-Z and
    /// SIGKILL. Opens again. On a line of its own the last resort is the caller's: `stuck()`.
    void interrupt(time_point now);
    bool stuck() const { return state_ == state::opening && stuck_; }

    /// The answering shell's process, from `open`; only on a line of its own.
    int shell_pid() const { return opening_number_; }

    /// What the command in progress has printed so far.
    std::string output_so_far() const;

    void feed(std::string_view bytes, time_point now);
    void tick(time_point now);
    std::optional<time_point> deadline() const { return deadline_; }

    std::string take_typing() { return std::exchange(typing_, {}); }
    std::vector<std::string> take_kernel_lines() { return std::exchange(kernel_lines_, {}); }
    std::optional<channel_result> take_result() { return std::exchange(result_, {}); }

    /// Whether a console line is one of a channel's markers, or the echo of its opening, and no
    /// guest's text.
    static bool is_marker(std::string_view line);

  private:
    void type_opening(time_point now);
    void send_batch();
    void feed_shared(std::string_view bytes);
    void scan(time_point now);
    std::optional<std::string> scan_for(const std::string& tag);
    std::optional<std::string> collect(const std::string& tag, std::string& text,
                                       std::size_t& dropped);
    void scan_output();
    void open_behind_leftovers(time_point now);
    void on_opened(const std::string& number, time_point now);
    void press_harder(time_point now);
    std::string print_marker(std::string_view tag) const;
    std::string marker(std::string_view tag) const { return "@@" + word_ + ":" + std::string(tag); }

    std::function<std::string()> random_word_;
    line_use use_;
    state state_ = state::closed;
    std::string word_;
    std::optional<time_point> deadline_;
    std::string typing_;
    kernel_line_filter filter_;
    crlf_lines unstamped_;
    bool output_processing_off_ = false;
    bool opened_twice_ = false;
    int opening_number_ = 0;  ///< what came with the answer to `open`
    bool time_stamps_ = false;
    unsigned interruptions_ = 0;
    unsigned openings_ = 0;  ///< typed with the current word
    Duration retry_after_{0};
    bool asked_ = false, stuck_ = false;
    std::vector<std::string> kernel_lines_;
    std::string unread_;
    std::vector<std::string> lines_to_send_;  ///< reversed: the next one is the last
    std::string whole_;                       ///< the condition that all of them came
    channel_request request_;
    enum class part { before, output, errors } part_ = part::before;
    channel_result pending_;
    std::optional<channel_result> result_;
};

}  // namespace qh
