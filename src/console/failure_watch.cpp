#include "console/failure_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/text.hpp"
#include "console/failure_title.hpp"

namespace qh {
namespace {

/// Harts' messages may overtake each other.
constexpr std::uint64_t out_of_order_us = 1'000'000;
constexpr std::size_t most_lead_lines = 16, most_held = 16;
constexpr std::size_t most_told = 4096, most_typed_bytes = 4096;

/// `pattern`'s title with the groups of its match in `message`.
std::string rewritten_title(const console_pattern& pattern, std::string_view message) {
    std::vector<re2::StringPiece> groups(
        1 + static_cast<std::size_t>(pattern.start->NumberOfCapturingGroups()));
    const re2::StringPiece text(message.data(), message.size());
    pattern.start->Match(text, 0, text.size(), re2::RE2::ANCHOR_START, groups.data(),
                         static_cast<int>(groups.size()));
    std::string title;
    pattern.start->Rewrite(&title, pattern.title, groups.data(), static_cast<int>(groups.size()));
    return printable(title);
}

std::string title_of(const console_pattern& pattern, std::string_view message) {
    return normalised_title(pattern.title.empty() ? std::string(message)
                                                  : rewritten_title(pattern, message));
}

/// What the message says in its first group has gone by, in seconds, else the watchdog's limit.
std::optional<guest_watchdog> watchdog_of(const console_pattern& pattern,
                                          std::string_view message) {
    if (!pattern.watchdog) return std::nullopt;
    re2::StringPiece groups[2];
    const re2::StringPiece text(message.data(), message.size());
    pattern.start->Match(text, 0, text.size(), re2::RE2::ANCHOR_START, groups,
                         std::min(2, 1 + pattern.start->NumberOfCapturingGroups()));
    int seconds = 0;
    const bool told =
        std::from_chars(groups[1].data(), groups[1].data() + groups[1].size(), seconds).ec ==
        std::errc();
    return guest_watchdog{*pattern.watchdog,
                          told ? Duration(std::chrono::seconds(seconds)) : *pattern.watchdog,
                          pattern.severity == gravity::final};
}

bool begins_boot(const console_pattern& pattern) {
    return pattern.said_by == speaker::firmware &&
           (pattern.repeated || pattern.role == pattern_role::milestone);
}

}  // namespace

failure_watch::failure_watch(const console_patterns& patterns)
    : patterns_(patterns), every_pattern_(patterns.all().size()) {
    std::iota(every_pattern_.begin(), every_pattern_.end(), 0);
}

void failure_watch::on_line(std::string_view line, std::string_view line_before,
                            std::span<const int> may_match, std::vector<watch_event>& events) {
    for (const auto& message : messages_in(line))
        on_message(message, line, line_before, may_match, events);
}

void failure_watch::on_message(const console_message& message, std::string_view line,
                               std::string_view line_before, std::span<const int> may_match,
                               std::vector<watch_event>& events) {
    if (message.marked && !std::exchange(kernel_began_, true)) release_held(false, events);
    const auto* const pattern = pattern_of(message, may_match);
    const bool is_end = report_ && report_->ended_by(message);
    if (pattern && pattern->role == pattern_role::milestone)
        tell_milestone(*pattern, message, line_before, events);
    else if (pattern && pattern->role == pattern_role::failure && !is_end &&
             tell_failure(*pattern, message, line, events))
        return;
    const bool by_kernel = is_by_kernel(message);
    const bool is_part = report_ && patterns_.is_report_line(message.words());
    const bool announces = pattern && pattern->role == pattern_role::lead && !is_end && !is_part;
    if (by_kernel) add_to_lead(announces, message);
    if (report_ && (report_->is_by_kernel() ? by_kernel : !message.marked))
        add_to_report(message, events);
}

/// The first pattern that `message` tells of, or null.
const console_pattern* failure_watch::pattern_of(const console_message& message,
                                                 std::span<const int> may_match) {
    const auto words = message.words();
    for (const int index : may_match) {
        const auto& pattern = patterns_.all()[static_cast<std::size_t>(index)];
        if (!may_say(pattern, message) || !begins_with(words, *pattern.start)) continue;
        if (pattern.repeated && seen_.insert(&pattern).second) continue;
        return &pattern;
    }
    return nullptr;
}

bool failure_watch::may_say(const console_pattern& pattern, const console_message& message) const {
    const auto who = pattern.said_by;
    if (message.behind_prompt) return who == speaker::kernel && kernel_began_ && !kernel_marks_;
    if (who == speaker::loader) return !message.marked && !kernel_began_;
    if (who == speaker::init) return kernel_began_ && !init_began_ && typed_.empty();
    if (message.marked) return who != speaker::firmware;
    return who != speaker::kernel || !kernel_marks_;
}

bool failure_watch::is_by_kernel(const console_message& message) const {
    return message.marked || (!kernel_marks_ && !message.behind_prompt);
}

bool failure_watch::is_repetition(const console_message& message) {
    const auto text = trim(message.text);
    if (!message.stamp_us) return typed_.find(text) != std::string::npos;
    if (typed_.find(fmt::format("{}.{:06}] {}", *message.stamp_us / 1'000'000,
                                *message.stamp_us % 1'000'000, text)) != std::string::npos)
        return true;
    if (oldest_stamp_us_ && *message.stamp_us < *oldest_stamp_us_) return true;
    if (told_.size() >= most_told) told_.clear();
    const auto hash = std::hash<std::string_view>()(message.text) ^ *message.stamp_us;
    return !told_.insert(hash).second;
}

/// Whether a report begins with `message`.
bool failure_watch::tell_failure(const console_pattern& pattern, const console_message& message,
                                 std::string_view line, std::vector<watch_event>& events) {
    const auto words = message.words();
    if (begins_boot(pattern)) begin_boot(pattern, events);
    if (patterns_.is_benign(words) || is_repetition(message)) return false;
    if (report_ && pattern.continues && report_->goes_on_with(pattern, message)) return false;
    failure found = {pattern.kind,    title_of(pattern, words), pattern.severity > gravity::stuck,
                     printable(line), pattern.by_scenario,      watchdog_of(pattern, words)};
    if (pattern.severity == gravity::setback || pattern.severity == gravity::stuck) {
        const bool is_late = pattern.severity == gravity::stuck && !firmware_spoke_;
        if (!is_late && held_.size() < most_held)
            held_.push_back({std::move(found), pattern.severity});
        return false;
    }
    halted_ = halted_ || pattern.severity == gravity::final;
    auto lines = std::exchange(lead_, {});
    if (pattern.has_trace && report_) end_report(events, lines.size());
    if (pattern.has_trace) {
        lines.push_back(printable(message.text));
        report_.emplace(patterns_, pattern, found.title, std::move(lines), message);
    }
    events.push_back(std::move(found));
    return pattern.has_trace;
}

void failure_watch::tell_milestone(const console_pattern& pattern, const console_message& message,
                                   std::string_view line_before, std::vector<watch_event>& events) {
    if (begins_boot(pattern)) begin_boot(pattern, events);
    const bool is_kernel = pattern.kind == "kernel" && pattern.said_by == speaker::kernel;
    if (is_kernel && is_boot_again(line_before)) restart_kernel(message, events);
    if (is_repetition(message)) return;
    if (pattern.said_by == speaker::kernel) kernel_marks_ = message.marked;
    if (is_kernel) begin_kernel(line_before, events);
    if (pattern.said_by == speaker::loader) firmware_spoke_ = true;
    if (pattern.kind == "init") init_began_ = true;
    if (pattern.kind == "shutdown") {
        if (report_) end_report(events);
        halted_ = true;
        expect_reboot();
    }
    events.push_back(milestone{pattern.kind, rewritten_title(pattern, message.words())});
}

/// The firmware begins, unless what was typed may have it said again.
void failure_watch::begin_boot(const console_pattern& pattern, std::vector<watch_event>& events) {
    if (report_) end_report(events);
    if (pattern.repeated)
        std::erase_if(seen_, [&](const auto* one) { return begins_boot(*one) && one != &pattern; });
    if (typed_.empty()) on_reset();
    restart_announced_ = false;
    firmware_spoke_ = true;
}

void failure_watch::begin_kernel(std::string_view line_before, std::vector<watch_event>& events) {
    if (report_) end_report(events);
    release_held(false, events);
    kernel_began_ = kernel_started_ = true;
    halted_ = restart_announced_ = false;
    before_kernel_ = trim(line_before);
}

/// Whether a kernel's first line is that of another boot although it may repeat the first one's:
/// nothing was to come any more, or the same words came before it as before that.
bool failure_watch::is_boot_again(std::string_view line_before) const {
    if (!kernel_started_ || !typed_.empty()) return false;
    return halted_ || (!before_kernel_.empty() && trim(line_before) == before_kernel_);
}

void failure_watch::restart_kernel(const console_message& message,
                                   std::vector<watch_event>& events) {
    if (report_) end_report(events);
    if (!restart_announced_)
        events.push_back(failure{"reset", "the kernel started again", false,
                                 printable(message.text), false, std::nullopt});
    on_reset();
}

/// What a loader said is not so grave once a kernel has begun.
void failure_watch::release_held(bool fatal, std::vector<watch_event>& events) {
    for (auto& one : std::exchange(held_, {})) {
        one.what.fatal = fatal;
        if (fatal || one.severity == gravity::setback) events.push_back(std::move(one.what));
    }
}

void failure_watch::add_to_lead(bool announces, const console_message& message) {
    if (announces) lead_.clear();
    if (announces || !lead_.empty()) lead_.push_back(printable(message.text));
    if (lead_.size() > most_lead_lines) lead_.clear();
}

void failure_watch::add_to_report(const console_message& message,
                                  std::vector<watch_event>& events) {
    if (report_->add(message) != failure_report::place::within) end_report(events);
}

void failure_watch::end_report(std::vector<watch_event>& events, std::size_t of_another) {
    events.push_back(report_->take(of_another));
    report_.reset();
}

void failure_watch::on_typed(std::string_view bytes, std::span<const std::string_view> last_lines) {
    if (typed_.empty())
        for (const auto line : last_lines)
            if (const auto stamp = messages_in(line).back().stamp_us)
                oldest_stamp_us_ = *stamp - std::min(*stamp, out_of_order_us);
    typed_ += printable(bytes);
    if (typed_.size() > 2 * most_typed_bytes) typed_.erase(0, typed_.size() - most_typed_bytes);
}

/// A machine that begins anew counts its time anew, and may boot another kernel.
void failure_watch::on_reset() {
    kernel_marks_ = kernel_began_ = kernel_started_ = init_began_ = halted_ = false;
    oldest_stamp_us_.reset();
    told_.clear();
    typed_.clear();
}

void failure_watch::expect_reboot() {
    seen_.clear();
    restart_announced_ = true;
}

void failure_watch::finish(std::vector<watch_event>& events) {
    if (report_) end_report(events);
    release_held(typed_.empty(), events);
}

}  // namespace qh
