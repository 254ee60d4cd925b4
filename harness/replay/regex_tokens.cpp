#include "replay/regex_tokens.hpp"

#include <algorithm>

namespace qh {
namespace {

using kind = regex_token::kind;

/// Behind the class that begins at `at`.
std::size_t end_of_class(std::string_view regex, std::size_t at) {
    auto next = at + 1;
    if (next < regex.size() && regex[next] == '^') ++next;
    if (next < regex.size() && regex[next] == ']') ++next;
    while (next < regex.size() && regex[next] != ']') {
        if (regex.substr(next, 2) == "[:")
            next = std::min(regex.find(":]", next), regex.size() - 2) + 1;
        else if (regex[next] == '\\')
            ++next;
        ++next;
    }
    return next + 1;
}

/// Behind the escape that begins at `at`.
std::size_t end_of_escape(std::string_view regex, std::size_t at) {
    const auto behind = regex.substr(at + 1);
    const bool property = behind.starts_with('p') || behind.starts_with('P');
    const bool code = behind.starts_with('x');
    const bool braced = (property || code) && behind.substr(1).starts_with('{');
    if (behind.starts_with('Q')) return std::min(regex.find("\\E", at), regex.size() - 2) + 2;
    if (braced) return std::min(regex.find('}', at), regex.size() - 1) + 1;
    return std::min(at + (code ? 4 : property ? 3 : 2), regex.size());
}

regex_token escape_at(std::string_view regex, std::size_t at) {
    const auto text = std::string(regex.substr(at, end_of_escape(regex, at) - at));
    const char letter = text.size() > 1 ? text[1] : '\\';
    const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    if (letter == 't') return {kind::literal, text, '\t'};
    if (std::string_view("bBAz").find(letter) != std::string_view::npos)
        return {kind::anchor, text};
    if (is_letter || (letter >= '0' && letter <= '9')) return {kind::set, text};
    return {kind::literal, text, letter};
}

/// "(", "(?:", "(?P<name>", "(?i:", or flags alone, "(?i)".
regex_token group_at(std::string_view regex, std::size_t at) {
    if (regex.substr(at, 2) != "(?") return {kind::open, "("};
    const bool named = regex.substr(at, 3) == "(?P" || regex.substr(at, 3) == "(?<";
    const auto end = std::min(regex.find_first_of(named ? ">" : ":)", at), regex.size() - 1);
    const auto text = std::string(regex.substr(at, end + 1 - at));
    return {text.ends_with(')') ? kind::anchor : kind::open, text};
}

/// `{3}`, `{3,}` or `{3,5}`; another brace is a literal.
std::size_t end_of_count(std::string_view regex, std::size_t at) {
    const auto end = regex.find_first_not_of("0123456789,", at + 1);
    const bool is_count =
        end != std::string_view::npos && regex[end] == '}' && end > at + 1 && regex[at + 1] != ',';
    return is_count ? end + 1 : at;
}

regex_token token_at(std::string_view regex, std::size_t at) {
    const char c = regex[at];
    auto repeat_end = at;
    if (c == '*' || c == '+' || c == '?') repeat_end = at + 1;
    if (c == '{') repeat_end = end_of_count(regex, at);
    if (repeat_end > at) {
        if (regex.substr(repeat_end, 1) == "?") ++repeat_end;
        return {kind::repeat, std::string(regex.substr(at, repeat_end - at))};
    }
    switch (c) {
        case '\\':
            return escape_at(regex, at);
        case '[':
            return {kind::set, std::string(regex.substr(at, end_of_class(regex, at) - at))};
        case '(':
            return group_at(regex, at);
        case ')':
            return {kind::close, ")"};
        case '|':
            return {kind::bar, "|"};
        case '^':
        case '$':
            return {kind::anchor, std::string(1, c)};
        case '.':
            return {kind::set, "."};
        default:
            break;
    }
    // A character of several bytes is one piece.
    auto end = at + 1;
    while (end < regex.size() && (regex[end] & 0xC0) == 0x80) ++end;
    return {kind::literal, std::string(regex.substr(at, end - at)), c};
}

}  // namespace

std::vector<regex_token> regex_tokens(std::string_view regex) {
    std::vector<regex_token> tokens;
    for (std::size_t at = 0; at < regex.size(); at += tokens.back().text.size())
        tokens.push_back(token_at(regex, at));
    return tokens;
}

}  // namespace qh
