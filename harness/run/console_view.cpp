#include "run/console_view.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "run/command_channel.hpp"

namespace qh {
namespace {

constexpr std::size_t recent_lines_kept = 200;
/// Lines nobody expected anything of yet; the oldest go first.
constexpr std::size_t unconsumed_lines_kept = 2000;

bool says_something(const std::string& line) {
    return !trim(line).empty() && !command_channel::is_marker(line);
}

}  // namespace

std::vector<std::string> console_view::feed(std::string_view bytes) {
    std::string text;
    std::vector<std::string> completed;
    escapes_.feed(bytes, text);
    lines_.feed(text, completed);
    for (const auto& line : completed) {
        recent_.push_back(line);
        if (recent_.size() > recent_lines_kept) recent_.pop_front();
        unconsumed_.push_back(line);
        if (unconsumed_.size() > unconsumed_lines_kept) {
            unconsumed_.pop_front();
            offset_ = 0;
        }
    }
    return completed;
}

std::string console_view::excerpt(std::size_t count) const {
    std::vector<std::string> shown(
        recent_.end() - static_cast<std::ptrdiff_t>(std::min(count, recent_.size())),
        recent_.end());
    if (!open_line().empty()) shown.push_back(open_line());
    std::erase_if(shown, [](const std::string& line) { return !says_something(line); });
    if (shown.size() > count)
        shown.erase(shown.begin(), shown.end() - static_cast<std::ptrdiff_t>(count));
    std::string text;
    for (const auto& line : shown) text += (text.empty() ? "" : "\n") + printable(line);
    return text;
}

std::string_view console_view::last_line() const {
    if (says_something(open_line())) return open_line();
    const auto found = std::find_if(recent_.rbegin(), recent_.rend(), says_something);
    return found == recent_.rend() ? std::string_view() : *found;
}

std::optional<captures> console_view::find(const re2::RE2& pattern) {
    while (!unconsumed_.empty()) {
        if (auto found = find_in(pattern, unconsumed_.front())) return found;
        unconsumed_.pop_front();
        offset_ = 0;
    }
    return find_in(pattern, open_line());
}

std::optional<captures> console_view::find_in(const re2::RE2& pattern, const std::string& line) {
    if (offset_ > line.size()) offset_ = 0;  // the line was redrawn
    std::vector<re2::StringPiece> groups(
        1 + static_cast<std::size_t>(pattern.NumberOfCapturingGroups()));
    if (!pattern.Match(line, offset_, line.size(), re2::RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size())))
        return std::nullopt;
    offset_ = static_cast<std::size_t>(groups[0].data() + groups[0].size() - line.data());
    return named_groups(pattern, groups);
}

void console_view::consume_all() {
    unconsumed_.clear();
    offset_ = open_line().size();
}

captures named_groups(const re2::RE2& pattern, const std::vector<re2::StringPiece>& groups) {
    captures named;
    for (const auto& [index, name] : pattern.CapturingGroupNames()) {
        const auto& group = groups.at(static_cast<std::size_t>(index));
        named[name] = std::string(group.data() ? group.data() : "", group.size());
    }
    return named;
}

}  // namespace qh
