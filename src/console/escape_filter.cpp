#include "console/escape_filter.hpp"

namespace qh {
namespace {

/// A sequence that goes on beyond this was never one: hostile or cut. Text starts again.
constexpr std::size_t longest_sequence = 4096;

bool is_csi_final(char byte) {
    return byte >= 0x40 && byte <= 0x7E;
}

}  // namespace

void escape_filter::feed(std::string_view bytes, std::string& text) {
    text.reserve(text.size() + bytes.size());
    for (const char byte : bytes) feed_byte(byte, text);
}

void escape_filter::feed_byte(char byte, std::string& text) {
    constexpr char bell = 0x07, escape = 0x1B;
    const bool in_sequence = state_ != state::text && state_ != state::carriage_return;
    // A line end or a new escape is the sign that a sequence was cut: the text after it counts.
    const bool cut = byte == '\n' || byte == '\r' || (byte == escape && state_ != state::string);
    if (in_sequence && (cut || ++sequence_length_ > longest_sequence)) state_ = state::text;
    switch (state_) {
        case state::text:
            feed_text(byte, text);
            break;
        case state::carriage_return:
            if (byte == '\r') break;
            if (byte != '\n') text += '\r';
            state_ = state::text;
            feed_text(byte, text);
            break;
        case state::escape:
            if (byte == '[')
                state_ = state::csi;
            else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_')
                state_ = state::string;
            else if (byte < 0x20 || byte > 0x2F)  // 0x20-0x2F: intermediate, the final byte follows
                state_ = state::text;
            break;
        case state::csi:
            if (is_csi_final(byte)) state_ = state::text;
            break;
        case state::string:
            if (byte == bell)
                state_ = state::text;
            else if (byte == escape)
                state_ = state::string_escape;
            break;
        case state::string_escape:
            // Any other escape sequence ends the string, too.
            state_ = state::escape;
            if (byte == '\\')
                state_ = state::text;
            else
                feed_byte(byte, text);
            break;
    }
}

void escape_filter::feed_text(char byte, std::string& text) {
    constexpr char escape = 0x1B, rubout = 0x7F;
    if (byte == escape) {
        state_ = state::escape;
        sequence_length_ = 0;
    } else if (byte == '\r') {
        state_ = state::carriage_return;
    } else if (byte == '\n' || byte == '\t' || byte == '\b' ||
               (static_cast<unsigned char>(byte) >= 0x20 && byte != rubout)) {
        text += byte;
    }
}

}  // namespace qh
