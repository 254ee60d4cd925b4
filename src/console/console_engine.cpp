#include "console/console_engine.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace qh {
namespace {

using position = transcript::position;

constexpr std::size_t largest_piece = 64 << 10;
/// Lines nobody expected anything of yet, and those for excerpts.
constexpr std::size_t history_bytes = 256 << 10;

std::vector<std::string> starts_of(const console_patterns& patterns) {
    std::vector<std::string> starts;
    for (const auto& pattern : patterns.all()) starts.push_back(pattern.start->pattern());
    return starts;
}

}  // namespace

console_engine::console_engine(const console_patterns& patterns, line_prefilter::method method)
    : method_(method), watch_(patterns), watch_filter_(starts_of(patterns), method) {}

std::size_t console_engine::feed(std::string_view bytes) {
    if (bytes.empty()) return 0;
    settled_.reset();
    if (text_.complete() - text_.oldest() > 2 * history_bytes)
        text_.forget_before(text_.line_from(text_.complete() - history_bytes));
    const auto from = text_.complete();
    const auto piece = bytes.substr(0, largest_piece);
    text_.feed(piece);
    find_candidates(from);
    return piece.size();
}

void console_engine::settle(bool rested) {
    settled_ = rested;
}

void console_engine::finish() {
    const auto from = text_.complete();
    if (!text_.open_line().empty()) text_.feed("\n");
    find_candidates(from);
    watch_until(text_.complete());
    watch_.finish(found_);
}

void console_engine::find_candidates(position from) {
    if (!watching_ || from == text_.complete()) return;
    watch_filter_.scan(
        text_.lines(from, text_.complete()), [&](const line_prefilter::candidate& line) {
            candidates_.push_back(
                {from + line.begin, from + line.end, {line.regexes.begin(), line.regexes.end()}});
            return true;
        });
}

std::optional<console_event> console_engine::next() {
    if (found_told_ == found_.size()) {
        found_.clear();
        found_told_ = 0;
    }
    find_match();
    const auto limit = match_ ? std::min(match_->line_end, text_.complete()) : text_.complete();
    watch_until(limit);
    if (found_told_ < found_.size()) {
        told_ = watched_;
        return std::visit([](auto& event) { return console_event(std::move(event)); },
                          found_[found_told_++]);
    }
    if (match_) return take_match();
    told_ = text_.complete();
    if (!expectation_ || !settled_) return std::nullopt;
    match_ = expectation_->find_in_open_line(text_, *settled_);
    if (!match_) return std::nullopt;
    return take_match();
}

void console_engine::find_match() {
    if (!expectation_ || match_ || searched_ >= text_.complete()) return;
    match_ = expectation_->find(text_, searched_, text_.complete());
    if (!match_) searched_ = text_.complete();
}

console_event console_engine::take_match() {
    told_ = match_->line_end;
    text_.read_to(match_->end);
    expectation_.reset();
    return *std::exchange(match_, std::nullopt);
}

/// Looks for failures in the lines before `limit`, up to the first line that holds one.
void console_engine::watch_until(position limit) {
    while (watched_ < limit && found_.empty()) {
        const bool at_candidate = !candidates_.empty() && candidates_.front().begin == watched_;
        if (at_candidate || (watching_ && watch_.needs_every_line())) {
            const auto line = at_candidate ? std::exchange(candidates_.front(), {}) : candidate{};
            if (at_candidate) candidates_.pop_front();
            watch_line(watched_, line.patterns);
        } else {
            const bool more = !candidates_.empty() && candidates_.front().begin < limit;
            watched_ = more ? candidates_.front().begin : limit;
        }
    }
}

void console_engine::watch_line(position begin, std::span<const int> patterns) {
    const auto rest = text_.lines(begin, text_.complete());
    const auto line = rest.substr(0, rest.find('\n'));
    watched_ = begin + line.size() + 1;
    watch_.on_line(line, line_before(begin), patterns, found_);
}

/// The last line before `begin` that is not blank, where it is near.
std::string_view console_engine::line_before(position begin) const {
    constexpr int most_blank_lines = 3;
    for (int blank = 0; blank < most_blank_lines && begin > text_.oldest(); ++blank) {
        const auto end = begin - 1;
        begin = text_.line_of(end);
        if (const auto line = trim(text_.lines(begin, end)); !line.empty()) return line;
    }
    return {};
}

void console_engine::on_kernel_line(std::string_view line) {
    watch_.on_line(line, found_);
}

void console_engine::expect(const std::vector<expected_pattern>& patterns) {
    stop_expecting();
    expectation_.emplace(patterns, method_);
    const auto oldest = told_ > history_bytes ? text_.line_from(told_ - history_bytes) : 0;
    text_.read_to(std::max(text_.read(), oldest));
    searched_ = text_.read();
}

void console_engine::stop_expecting() {
    if (!expectation_) return;
    expectation_.reset();
    match_.reset();
    text_.read_to(std::max(text_.read(), told_));
}

void console_engine::read_all() {
    text_.read_to(text_.complete() + text_.open_line().size());
}

std::vector<std::string_view> console_engine::last_lines(std::size_t count) const {
    std::vector<std::string_view> lines;
    if (told_ >= text_.complete() && !text_.open_line().empty()) lines.push_back(text_.open_line());
    for (auto end = std::min(told_, text_.complete());
         end > text_.oldest() && lines.size() < count;) {
        const auto begin = text_.line_of(end - 1);
        lines.push_back(text_.lines(begin, end - 1));
        end = begin;
    }
    std::ranges::reverse(lines);
    return lines;
}

}  // namespace qh
