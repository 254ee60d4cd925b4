#include "console/failure_report.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t most_lines = 400, most_bytes = 64 << 10;
/// Of a report without a mark at its end: lines up to its trace, and others' lines in a row.
constexpr std::size_t most_head_lines = 60, most_strangers = 50;
/// A kernel that has said nothing for so long, by its own clock, has ended its report.
constexpr std::uint64_t pause_us = 2'000'000;

bool is_pause(std::uint64_t one, std::uint64_t other) {
    return std::max(one, other) - std::min(one, other) > pause_us;
}

}  // namespace

failure_report::failure_report(const console_patterns& patterns, const console_pattern& pattern,
                               std::string title, std::vector<std::string> lead,
                               const console_message& message)
    : patterns_(patterns),
      pattern_(&pattern),
      trace_{std::move(title), {}, std::move(lead), false},
      stamp_us_(message.stamp_us) {
    for (const auto& line : trace_.lines) look_for_site({line, {}});
}

failure_report::place failure_report::add(const console_message& message) {
    if (stamp_us_ && message.stamp_us && is_pause(*stamp_us_, *message.stamp_us))
        return place::behind;
    if (message.stamp_us) stamp_us_ = message.stamp_us;
    auto line = printable(message.text);
    if (is_full(line.size())) {
        trace_.cut = strangers_ == 0;
        return place::behind;
    }
    const bool is_last = ended_by(message);
    const bool is_its_own = is_last || patterns_.is_report_line(message.words());
    if (is_its_own || !body_began_) look_for_site(message);
    body_began_ = body_began_ || is_its_own;
    strangers_ = is_its_own || !body_began_ ? 0 : strangers_ + 1;
    bytes_ += line.size();
    trace_.lines.push_back(std::move(line));
    return is_last ? place::last : place::within;
}

bool failure_report::is_full(std::size_t line_bytes) const {
    if (trace_.lines.size() == most_lines || bytes_ + line_bytes > most_bytes) return true;
    if (pattern_->end) return false;
    return body_began_ ? strangers_ == most_strangers : trace_.lines.size() == most_head_lines;
}

bool failure_report::ended_by(const console_message& message) const {
    return pattern_->end && begins_with(message.words(), *pattern_->end);
}

bool failure_report::goes_on_with(const console_pattern& pattern, const console_message& message) {
    if (pattern.severity > pattern_->severity) return false;
    if (patterns_.is_report_line(message.words())) return true;
    if (body_began_) return false;
    pattern_ = &pattern;
    return true;
}

failure_trace failure_report::take(std::size_t count) {
    drop_last(count);
    drop_last(strangers_);
    return std::move(trace_);
}

/// The first line, the failure's own, stays.
void failure_report::drop_last(std::size_t count) {
    count = std::min(count, trace_.lines.size() - 1);
    trace_.lines.resize(trace_.lines.size() - count);
    strangers_ -= std::min(strangers_, count);
}

void failure_report::look_for_site(const console_message& message) {
    if (trace_.site.empty()) trace_.site = patterns_.site(message.words());
}

}  // namespace qh
