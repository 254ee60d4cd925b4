#include "replay/bytes_literal.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace qh {
namespace {

/// What decides about a byte stands at most so far behind it: `\x1b`, a quote's next byte.
constexpr std::size_t look_ahead = 4;

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_quote(char c) {
    return c == '\'' || c == '"';
}

/// Whether a literal may begin behind `before` and `last`, the bytes in front of its quote.
bool opens(char before, char last) {
    if (last == 'b') return !is_word(before);
    return last == '(' || last == '=' || last == '\n' ||
           (last == ' ' && (before == ':' || before == '='));
}

/// What follows a literal; a quote of the console's own is followed by more of its text.
bool may_follow(char c) {
    return c == '\n' || c == '\r' || c == ')' || c == ',' || c == ']' || c == '}';
}

}  // namespace

bool bytes_literal::makes_up(std::string_view beginning) {
    const auto escaped_line_ends = [](std::string_view text) {
        std::ptrdiff_t count = 0;
        for (auto at = text.find("\\n"); at != text.npos; at = text.find("\\n", at + 2)) ++count;
        return count;
    };
    const auto all = escaped_line_ends(beginning);
    if (all < 5 || all < 2 * std::ranges::count(beginning, '\n')) return false;
    // An escape outside of a literal stays as it is.
    return escaped_line_ends(bytes_literal().feed(beginning, true)) * 5 < all;
}

std::string bytes_literal::feed(std::string_view bytes, bool last) {
    unread_ += bytes;
    const auto end = last ? unread_.size() : unread_.size() - std::min(look_ahead, unread_.size());
    std::string out;
    std::size_t at = 0;
    while (at < end) {
        const char c = unread_[at];
        const bool ends_line = at + 1 == unread_.size() || may_follow(unread_[at + 1]);
        std::size_t length = 1;
        if (quote_ == 0 && is_quote(c) && opens(before_[0], before_[1])) {
            quote_ = c;
            out += '\n';
        } else if (quote_ != 0 && (c == '\n' || (c == quote_ && ends_line))) {
            quote_ = 0;
            out += '\n';
        } else if (quote_ != 0 && c == '\\') {
            length = take_escape(std::string_view(unread_).substr(at), out);
        } else {
            out += c;
        }
        before_[0] = before_[1];
        before_[1] = unread_[at + length - 1];
        at += length;
    }
    unread_.erase(0, at);
    return out;
}

/// Takes an escape of Python's into `out`; how long it is. What is none stays as it is.
std::size_t bytes_literal::take_escape(std::string_view text, std::string& out) const {
    if (text.size() < 2) {
        out += text;
        return text.size();
    }
    constexpr std::string_view names = "rntabfv\\'\"", bytes = "\r\n\t\a\b\f\v\\'\"";
    if (const auto which = names.find(text[1]); which != std::string_view::npos) {
        out += bytes[which];
        return 2;
    }
    unsigned value = 0;
    const char* const digits = text.data() + 2;
    if (text[1] == 'x' && text.size() >= look_ahead &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
        out += static_cast<char>(value);
        return look_ahead;
    }
    out += text[0];
    return 1;
}

}  // namespace qh
