// Terminal bytes to plain text lines, as a stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace qh {

/// What a console says, as text: complete lines, then the open last one that a prompt stands in.
/// Positions count bytes of this text since the machine's start.
///
/// Escape sequences (ECMA-48 CSI, OSC, DCS and the two-byte ones) and control characters go, but
/// tab and newline. A lone `\r` redraws the line, `\b` takes a character back, `\r\n` ends a line.
/// Where a shell's line editor wraps its echo at the 80th column (BusyBox by `\r\r\n`, readline by
/// a blank and `\r`), the line goes on. Bytes that are no UTF-8 become U+FFFD in complete lines.
///
/// The text does not depend on how the bytes were cut into chunks. Memory is that of the text kept.
class transcript {
  public:
    using position = std::uint64_t;

    /// A line longer than `line_limit_bytes` is cut there and goes on as the next line.
    explicit transcript(std::size_t line_limit_bytes = 4096) : line_limit_(line_limit_bytes) {}

    void feed(std::string_view bytes);

    /// Where the oldest text begins that is still kept.
    position oldest() const { return oldest_; }

    /// Where the complete lines end and the open one begins.
    position complete() const { return oldest_ + open_begin_; }

    /// Text of complete lines, each with its newline.
    std::string_view lines(position from, position to) const {
        return std::string_view(text_).substr(from - oldest_, to - from);
    }

    /// The last line as far as it has come, its bytes not yet checked to be UTF-8.
    std::string_view open_line() const { return std::string_view(text_).substr(open_begin_); }

    /// How far a reader has come. What is redrawn behind that is unread again.
    position read() const { return read_; }
    void read_to(position at) { read_ = at; }

    /// Where the line begins that `at` is in or, at a line's beginning, that line.
    position line_of(position at) const;

    /// The first beginning of a line at or after `at`, which must be kept.
    position line_from(position at) const;

    /// Lets go of what is older than `at`, which must be a line's beginning.
    void forget_before(position at);

  private:
    enum class state { text, escape, csi, string, string_escape, carriage_return };
    void feed_byte(char byte);
    void feed_control(char byte);
    void end_return(char byte);
    bool at_margin(std::size_t blanks) const;
    void truncate(std::size_t size);
    void append(std::string_view plain);
    void cut_line();
    void end_line();

    std::size_t line_limit_;
    std::string text_;
    std::size_t open_begin_ = 0;
    position oldest_ = 0, read_ = 0;
    state state_ = state::text;
    std::size_t sequence_length_ = 0, returns_ = 0;
    bool redraw_ = false, only_ascii_ = true;
};

}  // namespace qh
