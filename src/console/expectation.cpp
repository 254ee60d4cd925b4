#include "console/expectation.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"

namespace qh {
namespace {

using position = transcript::position;

std::vector<std::string> regexes_of(const std::vector<expected_pattern>& patterns) {
    std::vector<std::string> regexes;
    for (const auto& one : patterns) regexes.push_back(one.regex);
    return regexes;
}

/// Matches in `text` from `start` on; where the match stands is groups[0].
bool run(const re2::RE2& regex, std::string_view text, std::size_t start,
         std::vector<re2::StringPiece>& groups) {
    groups.assign(1 + static_cast<std::size_t>(regex.NumberOfCapturingGroups()), {});
    return regex.Match({text.data(), text.size()}, start, text.size(), re2::RE2::UNANCHORED,
                       groups.data(), static_cast<int>(groups.size()));
}

std::size_t begin_in(std::string_view text, re2::StringPiece group) {
    return static_cast<std::size_t>(group.data() - text.data());
}

}  // namespace

captures named_groups(const re2::RE2& pattern, const std::vector<re2::StringPiece>& groups) {
    captures named;
    for (const auto& [index, name] : pattern.CapturingGroupNames()) {
        const auto& group = groups.at(static_cast<std::size_t>(index));
        named[name] = std::string(group.data() ? group.data() : "", group.size());
    }
    return named;
}

expectation::pattern::pattern(const expected_pattern& expected)
    : regex("(?m)" + expected.regex, re2::RE2::Quiet),
      window_lines(expected.window_lines),
      asks_for_the_end(expected.regex.ends_with('$') && !expected.regex.ends_with("\\$")) {}

expectation::expectation(const std::vector<expected_pattern>& patterns,
                         line_prefilter::method method)
    : all_(patterns.size()) {
    std::iota(all_.begin(), all_.end(), 0);
    bool single_lines = true;
    for (const auto& one : patterns) {
        patterns_.emplace_back(one);
        single_lines = single_lines && one.window_lines <= 1;
    }
    if (single_lines) prefilter_.emplace(regexes_of(patterns), method);
}

std::optional<expectation::match> expectation::find(const transcript& text, position from,
                                                    position to) {
    const auto begin = text.line_of(std::max(from, text.read()));
    if (begin >= to) return std::nullopt;
    const auto lines = text.lines(begin, to);
    std::optional<match> found;
    if (prefilter_) {
        prefilter_->scan(lines, [&](const line_prefilter::candidate& line) {
            found = match_line(text, begin + line.begin, begin + line.end, line.regexes);
            return !found;
        });
        return found;
    }
    for (std::size_t at = 0; at < lines.size() && !found;) {
        const auto end = lines.find('\n', at);
        found = match_line(text, begin + at, begin + end, all_);
        at = end + 1;
    }
    return found;
}

/// The best match that the line [begin, end) completes.
std::optional<expectation::match> expectation::match_line(const transcript& text, position begin,
                                                          position end,
                                                          std::span<const int> patterns) const {
    std::optional<match> best;
    position best_begin = 0;
    std::vector<re2::StringPiece> groups;
    for (const int index : patterns) {
        const auto& pattern = patterns_[static_cast<std::size_t>(index)];
        auto first = begin;
        for (std::size_t more = 1; more < pattern.window_lines && first > text.read(); ++more)
            first = text.line_of(first - 1);
        const auto seen = text.lines(first, end);
        const auto unread = text.read() > first ? text.read() - first : 0;
        if (!run(pattern.regex, seen, unread, groups)) continue;
        const auto match_begin = first + begin_in(seen, groups[0]);
        if (best && best_begin <= match_begin) continue;
        best_begin = match_begin;
        best = match{static_cast<std::size_t>(index), named_groups(pattern.regex, groups),
                     std::string(seen), match_begin + groups[0].size(), end + 1};
    }
    return best;
}

std::optional<expectation::match> expectation::find_in_open_line(const transcript& text,
                                                                 bool rested) const {
    const auto raw = text.open_line();
    const auto line = valid_utf8(raw);
    const auto begin = text.complete();
    const auto unread =
        text.read() > begin ? valid_utf8(raw.substr(0, text.read() - begin)).size() : 0;
    std::optional<match> best;
    std::size_t best_begin = 0;
    std::vector<re2::StringPiece> groups;
    for (const int index : all_) {
        const auto& pattern = patterns_[static_cast<std::size_t>(index)];
        if (!run(pattern.regex, line, unread, groups)) continue;
        const auto match_begin = begin_in(line, groups[0]);
        const auto match_end = match_begin + groups[0].size();
        if (match_end == line.size() && !rested && !pattern.asks_for_the_end) continue;
        if (best && best_begin <= match_begin) continue;
        best_begin = match_begin;
        const auto end = begin + (line == raw ? match_end : raw.size());
        best = match{static_cast<std::size_t>(index), named_groups(pattern.regex, groups), line,
                     end, end};
    }
    return best;
}

}  // namespace qh
