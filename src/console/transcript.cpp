#include "console/transcript.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.hpp"

namespace qh {
namespace {

/// A sequence that goes on beyond this was never one: hostile or cut. Text starts again.
constexpr std::size_t longest_sequence = 4096;

/// What line editors take for the width of a serial terminal, which cannot tell its own.
constexpr std::size_t terminal_columns = 80;

constexpr char bell = 0x07, escape = 0x1B, rubout = 0x7F;

bool is_plain(char byte) {
    return static_cast<unsigned char>(byte) >= 0x20 && byte != rubout;
}

/// Of eight bytes, those below 0x20 or equal to 0x7F have their highest bit set in the result;
/// bytes above such a one may have it, too.
std::uint64_t controls_in(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101, high_bits = ones << 7;
    const auto below_space = (word - ones * 0x20) & ~word;
    const auto differs = word ^ (ones * static_cast<unsigned char>(rubout));
    const auto is_rubout = (differs - ones) & ~differs;
    return (below_space | is_rubout) & high_bits;
}

/// The first byte in [begin, end) that is no plain character.
const char* skip_plain(const char* begin, const char* end, bool& only_ascii) {
    constexpr std::uint64_t high_bits = 0x8080808080808080;
    std::uint64_t seen = 0;
    for (; end - begin >= 8; begin += 8) {
        std::uint64_t word;
        std::memcpy(&word, begin, sizeof word);
        if (controls_in(word) != 0) break;
        seen |= word;
    }
    for (; begin != end && is_plain(*begin); ++begin) seen |= static_cast<unsigned char>(*begin);
    if ((seen & high_bits) != 0) only_ascii = false;
    return begin;
}

}  // namespace

void transcript::feed(std::string_view bytes) {
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        if (state_ != state::text) {
            feed_byte(*at++);
            continue;
        }
        bool only_ascii = true;
        const char* const plain_end = skip_plain(at, end, only_ascii);
        if (plain_end != at) {
            if (std::exchange(redraw_, false)) truncate(open_begin_);
            only_ascii_ = only_ascii_ && only_ascii;
            append({at, plain_end});
            at = plain_end;
        }
        if (at != end) feed_control(*at++);
    }
}

void transcript::feed_byte(char byte) {
    // A line end or a new escape is the sign that a sequence was cut: the text after it counts.
    const bool cut = byte == '\n' || byte == '\r' || (byte == escape && state_ != state::string);
    if (state_ != state::carriage_return && (cut || ++sequence_length_ > longest_sequence)) {
        state_ = state::text;
        return feed({&byte, 1});
    }
    switch (state_) {
        case state::text:
            break;
        case state::carriage_return:
            return end_return(byte);
        case state::escape:
            if (byte == '[')
                state_ = state::csi;
            else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_')
                state_ = state::string;
            else if (const auto value = static_cast<unsigned char>(byte);
                     value < 0x20 ||
                     value > 0x2F)  // 0x20-0x2F: intermediate, the final byte follows
                state_ = state::text;
            break;
        case state::csi:
            if (static_cast<unsigned char>(byte) >= 0x40 && static_cast<unsigned char>(byte) < 0x7F)
                state_ = state::text;
            break;
        case state::string:
            if (byte == bell) state_ = state::text;
            if (byte == escape) state_ = state::string_escape;
            break;
        case state::string_escape:
            // Any other escape sequence ends the string, too.
            state_ = byte == '\\' ? state::text : state::escape;
            if (byte != '\\') feed_byte(byte);
            break;
    }
}

void transcript::feed_control(char byte) {
    if (byte == '\n') {
        end_line();
    } else if (byte == '\r') {
        state_ = state::carriage_return;
        returns_ = 1;
    } else if (byte == escape) {
        state_ = state::escape;
        sequence_length_ = 0;
    } else if (byte == '\t') {
        if (std::exchange(redraw_, false)) truncate(open_begin_);
        append("\t");
    } else if (byte == '\b') {
        if (std::exchange(redraw_, false)) truncate(open_begin_);
        if (text_.size() > open_begin_) truncate(text_.size() - 1);
    }
}

/// What `\r`s meant is told by the byte after them.
void transcript::end_return(char byte) {
    if (byte == '\r') {
        returns_ = std::min<std::size_t>(returns_ + 1, 3);
        return;
    }
    state_ = state::text;
    if (byte == '\n') {
        if (returns_ != 2 || !at_margin(0)) end_line();
        return;
    }
    if (at_margin(1))
        truncate(text_.size() - 1);
    else
        redraw_ = true;
    feed({&byte, 1});
}

/// Whether the open line fills whole rows of a terminal, with `blanks` blanks after them.
bool transcript::at_margin(std::size_t blanks) const {
    const auto line = open_line();
    if (redraw_ || line.size() <= blanks) return false;
    return (line.size() - blanks) % terminal_columns == 0 &&
           line.substr(line.size() - blanks).find_first_not_of(' ') == std::string_view::npos;
}

void transcript::truncate(std::size_t size) {
    text_.resize(size);
    read_ = std::min(read_, oldest_ + size);
}

void transcript::append(std::string_view plain) {
    for (;;) {
        const auto room = line_limit_ - (text_.size() - open_begin_);
        text_ += plain.substr(0, room);
        if (plain.size() <= room) return;
        plain.remove_prefix(room);
        cut_line();
    }
}

/// Ends the line where it has reached its limit, but within no character.
void transcript::cut_line() {
    const auto line = open_line();
    const auto byte_from_end = [&](std::size_t i) {
        return static_cast<unsigned char>(line[line.size() - i]);
    };
    // The last character goes on to the next line, should it be one of several bytes.
    std::size_t carried = 1;
    while (carried < 4 && carried < line.size() && (byte_from_end(carried) & 0xC0) == 0x80)
        ++carried;
    if (byte_from_end(carried) < 0xC0 || carried == line.size()) carried = 0;
    const std::string rest(line.substr(line.size() - carried));
    const bool ascii = only_ascii_;
    truncate(text_.size() - carried);
    end_line();
    text_ += rest;
    only_ascii_ = ascii;
}

void transcript::end_line() {
    if (!only_ascii_ && !is_valid_utf8(open_line())) {
        const auto read = read_ > complete() ? read_ - complete() : 0;
        const auto valid = valid_utf8(open_line());
        const auto valid_read = valid_utf8(open_line().substr(0, read)).size();
        text_.replace(open_begin_, std::string::npos, valid);
        read_ = read > 0 ? complete() + valid_read : read_;
    }
    text_ += '\n';
    open_begin_ = text_.size();
    redraw_ = false;
    only_ascii_ = true;
}

transcript::position transcript::line_of(position at) const {
    if (at >= complete()) return complete();
    const auto newline = std::string_view(text_).substr(0, at - oldest_).rfind('\n');
    return newline == std::string_view::npos ? oldest_ : oldest_ + newline + 1;
}

transcript::position transcript::line_from(position at) const {
    if (at <= oldest_) return oldest_;
    if (at >= complete()) return complete();
    return oldest_ + text_.find('\n', at - oldest_ - 1) + 1;
}

void transcript::forget_before(position at) {
    const auto gone = at - oldest_;
    text_.erase(0, gone);
    open_begin_ -= gone;
    oldest_ = at;
    read_ = std::max(read_, at);
}

}  // namespace qh
