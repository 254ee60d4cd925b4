#include "replay/line_column.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>

#include "replay/kernel_stamp.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_column = 200;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/// Takes terminal sequences, which a tool's colours are, off the front.
std::size_t behind_escapes(std::string_view line, std::size_t at) {
    while (line.substr(at).starts_with("\x1b[")) {
        const auto end = line.find_first_not_of("0123456789;?", at + 2);
        if (end == std::string_view::npos) return at;
        at = end + 1;
    }
    return at;
}

}  // namespace

line_token next_token(std::string_view line, std::size_t& at) {
    at = behind_escapes(line, at);
    if (at >= line.size()) return {token_kind::end, {}};
    const auto from = at;
    const auto while_ = [&](auto is) {
        while (at < line.size() && is(line[at])) ++at;
        return line.substr(from, at - from);
    };
    // Blanks that only align a number are a part of it.
    const auto next = line.find_first_not_of(' ', at);
    const bool aligns = from == 0 || line[from - 1] == '[' || line[from - 1] == '<';
    if (next != std::string_view::npos && is_digit(line[next]) && (next == at || aligns)) {
        at = next;
        while_(is_digit);
        return {token_kind::number, line.substr(next, at - next)};
    }
    if (is_blank(line[at])) return {token_kind::blanks, while_(is_blank)};
    if (is_letter(line[at])) {
        const auto word = while_([](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
        // So are those that only align what is behind a word.
        const auto behind = line.find_first_not_of(' ', at);
        if (behind != std::string_view::npos && line[behind] == ':') at = behind;
        return {token_kind::word, word};
    }
    ++at;
    return {token_kind::symbol, line.substr(from, 1)};
}

std::optional<line_column::place> line_column::find(std::string_view line) const {
    line = line.substr(0, longest_column);
    std::size_t at = 0;
    for (const auto& wanted : fields_) {
        const auto found = next_token(line, at);
        if (wanted.what == token_kind::blanks && found.text == "+" && has_clock_)
            return place{at, true};
        if (&wanted == &fields_.back() && wanted.what == token_kind::blanks) {
            if (found.what == token_kind::end) return place{line.size()};
            if (found.what != token_kind::blanks) return std::nullopt;
            const auto begin = static_cast<std::size_t>(found.text.data() - line.data());
            const auto end = begin + std::min(found.text.size(), wanted.fewest_blanks);
            return place{behind_escapes(line, end)};
        }
        if (wanted.what != found.what || !(wanted.text.empty() || wanted.text == found.text))
            return find_bracketed_time(line);
    }
    return place{behind_escapes(line, at)};
}

/// `dmesg -e` tells the minute in some lines and the time since the last line in others.
std::optional<line_column::place> line_column::find_bracketed_time(std::string_view line) const {
    static const re2::RE2 time(R"(\[[\w:.,+<> -]*\d[\w:.,+<> -]*\] )");
    if (!has_clock_ || fields_.front().text != "[" || kernel_stamp_length(line) > 0)
        return std::nullopt;
    re2::StringPiece rest(line.data(), line.size());
    if (!re2::RE2::Consume(&rest, time)) return std::nullopt;
    return place{line.size() - rest.size()};
}

}  // namespace qh
