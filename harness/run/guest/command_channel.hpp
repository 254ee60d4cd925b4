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
#include "run/guest/channel_script.hpp"

namespace qh {

struct channel_result {
    int status = 0;
    std::string output;
    std::size_t dropped_bytes = 0;  ///< what the output had beyond the limit, not kept
    std::string errors;             ///< standard error, where it was asked for apart
    std::size_t dropped_error_bytes = 0;
    std::string problem;     ///< why there is no status; empty where there is one
    bool line_lost = false;  ///< whether that is the line's fault: it loses or changes bytes
};

/// Who else writes to a channel's line.
enum class line_use {
    shared,            ///< the kernel: the console, whose UART may lose what is typed
    shared_unchecked,  ///< the same, as journals up to format 3 have it: no command is checked
    own                ///< nobody, and nothing is lost
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
///
/// Where the line may lose bytes, the guest compares what it was sent with a checksum before
/// anything is executed. What came changed is sent again, a few times.
class command_channel {
  public:
    /// `random_word` gives a fresh word of letters and digits at each call.
    command_channel(std::function<std::string()> random_word, line_use use);

    enum class state {
        closed,
        opening,
        idle,
        sending,
        checking,  ///< whether all of it has come
        starting,
        running,
        closing
    };
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

  private:
    bool shared() const { return use_ != line_use::own; }
    void type_opening(time_point now);
    void send(time_point now);
    void send_batch(time_point now);
    void type_check(time_point now);
    void type_go(time_point now);
    void ask_for_more(time_point now);
    void on_acknowledged(time_point now);
    void await_answer(time_point now);
    void on_checked(time_point now);
    void on_starting(time_point now);
    void send_again(time_point now);
    void serve_anew(time_point now);
    void feed_shared(std::string_view bytes);
    void scan(time_point now);
    std::optional<std::string> scan_for(const std::string& tag);
    std::optional<std::string> collect(const std::string& tag, std::string& text,
                                       std::size_t& dropped);
    void scan_output();
    void open_behind_leftovers(time_point now);
    void on_opened(const std::string& number, time_point now);
    void press_harder(time_point now);
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
    channel_request request_;
    typed_request typed_;
    std::size_t lines_sent_ = 0;
    unsigned refusals_ = 0;     ///< of the request, for what came changed
    bool sends_again_ = false;  ///< once the shell serves us again
    unsigned unanswered_ = 0;
    unsigned checks_ = 0;    ///< typed with the current word
    unsigned go_check_ = 0;  ///< the last one before `go`
    enum class part { before, output, errors } part_ = part::before;
    channel_result pending_;
    std::optional<channel_result> result_;
};

}  // namespace qh
