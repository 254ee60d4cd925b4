// Terminal bytes to plain text, as a stream.
#pragma once

#include <string>
#include <string_view>

namespace qh {

/// Takes terminal control out of a byte stream: escape sequences (ECMA-48 CSI, OSC, DCS and the
/// two-byte ones) and control characters but tab, newline and backspace. `\r\n` in any repetition
/// becomes one `\n`; a lone `\r` (a redraw) and `\b` are told as they are, for line_buffer to act
/// on. A serial console's 80-column wrap (`\r\r\n`) is therefore a line end like any other. A line
/// end also ends an escape sequence that was cut short.
/// The result does not depend on how the bytes were cut into chunks.
class escape_filter {
  public:
    /// Appends the plain text of `bytes` to `text`.
    void feed(std::string_view bytes, std::string& text);

  private:
    enum class state { text, escape, csi, string, string_escape, carriage_return };
    void feed_byte(char byte, std::string& text);
    void feed_text(char byte, std::string& text);

    state state_ = state::text;
    std::size_t sequence_length_ = 0;
};

}  // namespace qh
