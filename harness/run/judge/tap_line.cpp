#include "run/judge/tap_line.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace qh {
namespace {

using directive = tap_line::directive;

constexpr std::size_t tab_columns = 8;
constexpr std::size_t largest_number = 999'999'999;

std::string_view to_view(re2::StringPiece piece) {
    return {piece.data(), piece.size()};
}

/// Lines may hold any bytes.
re2::RE2::Options any_bytes() {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    return options;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/// Larger numbers are as good as the largest.
std::size_t to_number(std::string_view digits) {
    std::size_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return read.ec == std::errc() ? std::min(number, largest_number)
                                  : (digits.empty() ? 0 : largest_number);
}

/// As printk writes them, also with a priority, a thread's or CPU's number, and as dmesg -x, -d and
/// -T show them.
std::string_view without_time_stamp(std::string_view line) {
    static const re2::RE2 time_stamp(
        R"(^(?:<\d{1,3}>|[a-z]+ *:[a-z]+ *: )?\[(?: *\d+\.\d+(?: <[ \d.]+>)?|[A-Z][a-z]{2} [\w: ]+)\])"
        R"((?:\[ *[TC]\d+\])?:? ?)");
    re2::StringPiece rest(line.data(), line.size());
    re2::RE2::Consume(&rest, time_stamp);
    return to_view(rest);
}

/// Takes the blanks in front of `text` and says in which column it goes on.
std::size_t skip_blanks(std::string_view& text, std::size_t column) {
    while (!text.empty() && is_blank(text.front())) {
        column += text.front() == '\t' ? tab_columns - column % tab_columns : 1;
        text.remove_prefix(1);
    }
    return column;
}

struct directive_word {
    re2::RE2 form;
    directive says;
};

/// TAP's words are known in any case. KTAP's own are words of English too, so only in its spelling.
directive find_directive(std::string_view comment, std::string_view& reason) {
    static const std::array<directive_word, 4> words = {{
        {re2::RE2(R"((?i:skip)\S*\s*(.*))", any_bytes()), directive::skip},
        {re2::RE2(R"((?i:todo)\b:?\s*(.*))", any_bytes()), directive::todo},
        {re2::RE2(R"(XFAIL\b:?\s*(.*))", any_bytes()), directive::xfail},
        {re2::RE2(R"((?:TIMEOUT|ERROR)\b:?\s*(.*))", any_bytes()), directive::failure},
    }};
    const re2::StringPiece text(comment.data(), comment.size());
    re2::StringPiece rest;
    for (const auto& word : words)
        if (re2::RE2::FullMatch(text, word.form, &rest)) {
            // Without a reason the word itself is one.
            reason = rest.empty() ? comment : to_view(rest);
            return word.says;
        }
    return directive::note;
}

/// Parts a description from the directive behind a "#", which a blank parts from what is before it.
void read_description(std::string_view text, tap_line& line) {
    line.name = trim(text);
    for (auto at = text.find('#'); at != text.npos; at = text.find('#', at + 1)) {
        if (at > 0 && !is_blank(text[at - 1])) continue;
        const auto comment = trim(text.substr(at + 1));
        const auto says = find_directive(comment, line.reason);
        if (line.says == directive::none) {
            line.name = trim(text.substr(0, at));
            line.says = directive::note;
        }
        if (says == directive::note) {
            if (line.reason.empty()) line.reason = comment;
            continue;
        }
        line.says = says;
        return;
    }
}

void read_statement(std::string_view text, tap_line& line) {
    static const re2::RE2 version(R"((?i:K?TAP version)\s+\d+)", any_bytes());
    static const re2::RE2 plan(R"(1\.\.(\d+)\s*(?:#\s*(?:(?i:skip)\S*)?\s*(.*))?)", any_bytes());
    static const re2::RE2 test(
        R"((?:(not ok)\b|ok(?:\s|$))\s*(?:(\d+)(?:\s+|$|-\s))?\s*(?:-(?:\s+|$))?(.*))",
        any_bytes());
    static const re2::RE2 subtest(R"(# *Subtest:\s*(.*))", any_bytes());
    static const re2::RE2 bail_out(R"((?i:bail out!)\s*(.*))", any_bytes());
    const re2::StringPiece all(text.data(), text.size());
    re2::StringPiece negation, number, rest;
    if (re2::RE2::FullMatch(all, version)) {
        line.is = tap_line::kind::version;
    } else if (re2::RE2::FullMatch(all, plan, &number, &rest)) {
        line.is = tap_line::kind::plan;
        line.number = to_number(to_view(number));
        line.reason = to_view(rest);
    } else if (re2::RE2::FullMatch(all, test, &negation, &number, &rest)) {
        line.is = tap_line::kind::test;
        line.ok = negation.empty();
        line.number = to_number(to_view(number));
        read_description(to_view(rest), line);
    } else if (re2::RE2::FullMatch(all, subtest, &rest)) {
        line.is = tap_line::kind::subtest;
        line.name = to_view(rest);
    } else if (re2::RE2::FullMatch(all, bail_out, &rest)) {
        line.is = tap_line::kind::bail_out;
        line.reason = to_view(rest);
    }
}

}  // namespace

tap_line read_tap_line(std::string_view text) {
    constexpr std::string_view quote = "# ";
    auto rest = without_time_stamp(text);
    rest = rest.substr(0, rest.find_last_not_of(" \t\r\n") + 1);
    tap_line line;
    line.column = skip_blanks(rest, 0);
    line.text = rest;
    read_statement(rest, line);
    while (line.is == tap_line::kind::other && rest.starts_with(quote)) {
        rest.remove_prefix(quote.size());
        line.column = skip_blanks(rest, line.column + quote.size());
        line.quoted = true;
        read_statement(rest, line);
    }
    return line;
}

}  // namespace qh
