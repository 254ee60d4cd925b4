#include "replay/kernel_stamp.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "console/shell_prompt.hpp"

namespace qh {
namespace {

/// What an interrupted line has on it at most; a longer one is no prompt and no progress.
constexpr std::size_t longest_begin = 4096;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The first time stamp that is not at the line's beginning.
std::size_t inner_stamp(std::string_view line) {
    for (auto at = line.find('[', 1); at < line.size(); at = line.find('[', at + 1))
        if (kernel_stamp_length(line.substr(at)) > 0) return at;
    return std::string_view::npos;
}

bool is_source(std::string_view before) {
    static const re2::RE2 source(R"((?:.*\S:|.*\bkernel(?:\[\d+\])?: |\s*<\d{1,3}>))");
    return re2::RE2::FullMatch(re2::StringPiece(before.data(), before.size()), source);
}

}  // namespace

std::size_t kernel_stamp_length(std::string_view text) {
    if (text.size() < 10 || text[0] != '[' || !(text[1] == ' ' || is_digit(text[1]))) return 0;
    auto at = std::min(text.find_first_not_of(' ', 1), text.size());
    const auto digits = [&] {
        const auto from = at;
        while (at < text.size() && is_digit(text[at])) ++at;
        return at - from;
    };
    const auto take = [&](char wanted) { return at < text.size() && text[at++] == wanted; };
    if (digits() == 0 || !take('.') || digits() != 6 || !take(']')) return 0;
    static const re2::RE2 caller(R"(\[ *[TC]\d+\])");
    re2::StringPiece rest(text.data() + at, text.size() - at);
    re2::RE2::Consume(&rest, caller);
    at = text.size() - rest.size();
    return take(' ') ? at : 0;
}

std::optional<std::size_t> interruption_in(std::string_view line) {
    if (line.empty() || kernel_stamp_length(line) > 0) return std::nullopt;
    const auto at = inner_stamp(line);
    if (at == std::string_view::npos || is_source(line.substr(0, at))) return std::nullopt;
    return at;
}

bool quotes_kernel(std::string_view line) {
    if (line.empty() || kernel_stamp_length(line) > 0) return false;
    static const re2::RE2 priority(R"(\s*<\d{1,3}>)");
    re2::StringPiece rest(line.data(), line.size());
    if (re2::RE2::Consume(&rest, priority)) return true;
    const auto at = inner_stamp(line);
    return at != std::string_view::npos && is_source(line.substr(0, at));
}

void kernel_lines_apart::feed(std::string_view line, const taker& take) {
    if (begun_ && kernel_stamp_length(line) > 0) return take(line);
    auto whole = begun_.value_or("");
    whole += line;
    begun_.reset();
    const auto at = interruption_in(whole);
    if (!at || *at > longest_begin) return take(whole);
    const auto begun = std::string_view(whole).substr(0, *at);
    if (is_prompt_alone(begun)) take(begun);
    take(std::string_view(whole).substr(*at));
    whole.resize(*at);
    begun_ = std::move(whole);
}

void kernel_lines_apart::finish(const taker& take) {
    if (begun_) take(*begun_);
    begun_.reset();
}

}  // namespace qh
