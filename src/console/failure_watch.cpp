#include "console/failure_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t most_trace_lines = 400, most_trace_bytes = 64 << 10;
/// A kernel that has said nothing for so long, by its own clock, has ended its trace.
constexpr std::uint64_t trace_pause_us = 2'000'000;
/// Harts' messages may overtake each other.
constexpr std::uint64_t out_of_order_us = 1'000'000;
constexpr std::size_t most_lead_lines = 4;
constexpr std::size_t most_told = 4096, most_typed_bytes = 4096;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct time_stamp {
    std::size_t length;
    std::uint64_t us;
};

/// Takes digits off the front of `text`; how many there were.
std::size_t take_digits(std::string_view& text, std::uint64_t& value) {
    std::size_t count = 0;
    for (value = 0; count < text.size() && count < 10 && is_digit(text[count]); ++count)
        value = value * 10 + static_cast<std::uint64_t>(text[count] - '0');
    text.remove_prefix(count);
    return count;
}

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

void take_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

/// Takes printk's caller, "[    T1]" or "[   C0]".
void take_caller(std::string_view& text) {
    auto rest = text;
    std::uint64_t number = 0;
    if (!take(rest, "[")) return;
    take_blanks(rest);
    if (!take(rest, "T") && !take(rest, "C")) return;
    if (take_digits(rest, number) > 0 && take(rest, "]")) text = rest;
}

/// printk's "[   12.345678] ", with the caller behind it where the kernel tells that.
std::optional<time_stamp> stamp_at(std::string_view text) {
    auto rest = text;
    std::uint64_t seconds = 0, fraction = 0;
    if (!take(rest, "[")) return {};
    take_blanks(rest);
    if (take_digits(rest, seconds) == 0 || !take(rest, ".") || take_digits(rest, fraction) != 6 ||
        !take(rest, "]"))
        return {};
    take_caller(rest);
    if (!take(rest, " ")) return {};
    return time_stamp{text.size() - rest.size(), seconds * 1'000'000 + fraction};
}

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

}  // namespace

failure_watch::failure_watch(const console_patterns& patterns)
    : patterns_(patterns), every_pattern_(patterns.all().size()) {
    std::iota(every_pattern_.begin(), every_pattern_.end(), 0);
}

void failure_watch::on_line(std::string_view line, std::span<const int> may_match,
                            std::vector<watch_event>& events) {
    const auto messages = messages_in(line);
    const auto stamped =
        std::ranges::find_if(messages, [](const message& one) { return one.stamp_us.has_value(); });
    const auto& said = stamped == messages.end() ? messages.front() : *stamped;
    const bool by_kernel = said.stamp_us || !kernel_stamps_;
    const bool in_trace = trace_ && by_kernel;
    if (!lead_.empty() && by_kernel) lead_.push_back(printable(said.text));
    if (lead_.size() > most_lead_lines) lead_.clear();
    if (in_trace) continue_trace(said, events);
    for (const auto& message : messages)
        if (on_message(message, line, may_match, events)) break;
    const bool ended =
        in_trace && trace_ && trace_->awaited->end && begins_with(said.text, *trace_->awaited->end);
    if (ended && --trace_->ends_awaited == 0) end_trace(events);
}

/// The kernel also prints behind a prompt: a message begins after each time stamp.
std::vector<failure_watch::message> failure_watch::messages_in(std::string_view line) {
    std::vector<message> messages;
    if (line.empty() || line.front() != '[' || !stamp_at(line)) messages.push_back({line, {}});
    for (auto at = line.find('['); at != std::string_view::npos; at = line.find('[', at + 1))
        if (const auto stamp = stamp_at(line.substr(at)))
            messages.push_back({line.substr(at + stamp->length), stamp->us});
    return messages;
}

bool failure_watch::on_message(const message& message, std::string_view line,
                               std::span<const int> may_match, std::vector<watch_event>& events) {
    for (const int index : may_match) {
        const auto& pattern = patterns_.all()[static_cast<std::size_t>(index)];
        if (!may_say(pattern, message) || !begins_with(message.text, *pattern.start)) continue;
        if (pattern.repeated && seen_.insert(&pattern).second) continue;
        tell(pattern, message, line, events);
        return true;
    }
    return false;
}

void failure_watch::tell(const console_pattern& pattern, const message& message,
                         std::string_view line, std::vector<watch_event>& events) {
    if (pattern.role == pattern_role::lead) {
        // Within a trace it is another hart's, which has an end of its own.
        const bool is_end =
            trace_ && trace_->awaited->end && begins_with(message.text, *trace_->awaited->end);
        if (trace_ && !is_end) ++trace_->ends_awaited;
        if (!trace_) lead_ = {printable(message.text)};
        return;
    }
    if (pattern.said_by == speaker::firmware && typed_.empty()) on_reset();
    if (pattern.role == pattern_role::milestone || pattern.repeated)
        end_trace_before(message, events);
    if (pattern.role == pattern_role::milestone) {
        if (is_repetition(message)) return;
        if (pattern.said_by == speaker::kernel) {
            kernel_stamps_ = message.stamp_us.has_value();
            kernel_began_ = true;
        }
        events.push_back(milestone{pattern.kind, rewritten_title(pattern, message.text)});
    } else if (!patterns_.is_benign(message.text) && !is_repetition(message)) {
        note_failure(
            pattern, message,
            {pattern.kind, title_of(pattern, message.text), pattern.severity != gravity::note,
             printable(line), pattern.by_scenario, watchdog_of(pattern, message.text)},
            events);
    }
    lead_.clear();
}

bool failure_watch::may_say(const console_pattern& pattern, const message& message) const {
    if (pattern.said_by == speaker::loader) return !message.stamp_us && !kernel_began_;
    if (message.stamp_us) return pattern.said_by != speaker::firmware;
    return pattern.said_by != speaker::kernel || !kernel_stamps_;
}

bool failure_watch::is_repetition(const message& message) {
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

void failure_watch::note_failure(const console_pattern& pattern, const message& message,
                                 failure found, std::vector<watch_event>& events) {
    const bool is_another = trace_ && trace_->awaited == &pattern && pattern.separate;
    if (is_another) end_trace_before(message, events);
    const bool is_part = trace_ && pattern.severity <= trace_->severity;
    if (trace_ && pattern.end) trace_->awaited = &pattern;
    if (!trace_ && pattern.end) {
        trace_ = open_trace{{found.title, {}, std::exchange(lead_, {}), false},
                            &pattern,
                            pattern.severity,
                            message.stamp_us};
        if (trace_->trace.lines.empty()) trace_->trace.lines = {printable(message.text)};
    }
    if (is_part) return;
    if (trace_ && pattern.severity > trace_->severity) {
        if (trace_->severity == gravity::note) trace_->trace.title = found.title;
        trace_->severity = pattern.severity;
    }
    events.push_back(std::move(found));
}

/// Ends a trace with the line before `message`'s.
void failure_watch::end_trace_before(const message& message, std::vector<watch_event>& events) {
    if (!trace_) return;
    auto& lines = trace_->trace.lines;
    if (lines.back() == printable(message.text)) lines.pop_back();
    end_trace(events);
}

void failure_watch::continue_trace(const message& message, std::vector<watch_event>& events) {
    if (trace_->stamp_us && message.stamp_us &&
        (*message.stamp_us > *trace_->stamp_us + trace_pause_us ||
         *trace_->stamp_us > *message.stamp_us + trace_pause_us))
        return end_trace(events);
    if (message.stamp_us) trace_->stamp_us = message.stamp_us;
    if (trace_->trace.site.empty()) trace_->trace.site = patterns_.site(message.text);
    auto line = printable(message.text);
    trace_->bytes += line.size();
    if (trace_->trace.lines.size() == most_trace_lines || trace_->bytes > most_trace_bytes) {
        trace_->trace.cut = true;
        return end_trace(events);
    }
    trace_->trace.lines.push_back(std::move(line));
}

void failure_watch::end_trace(std::vector<watch_event>& events) {
    events.push_back(std::move(trace_->trace));
    trace_.reset();
}

void failure_watch::on_typed(std::string_view bytes, std::span<const std::string_view> last_lines) {
    if (typed_.empty())
        for (const auto line : last_lines)
            if (const auto stamp = stamp_at(line))
                oldest_stamp_us_ = stamp->us - std::min(stamp->us, out_of_order_us);
    typed_ += printable(bytes);
    if (typed_.size() > 2 * most_typed_bytes) typed_.erase(0, typed_.size() - most_typed_bytes);
}

/// A machine that begins anew counts its time anew, and may boot another kernel.
void failure_watch::on_reset() {
    kernel_stamps_ = kernel_began_ = false;
    oldest_stamp_us_.reset();
    told_.clear();
    typed_.clear();
}

void failure_watch::finish(std::vector<watch_event>& events) {
    if (trace_) end_trace(events);
}

std::string normalised_title(std::string_view message) {
    static const re2::RE2 address(R"(\b(?:0x)?[0-9a-f]{8,16}\b)");
    static const re2::RE2 exit_code(R"(\bexitcode=0x0*([0-9a-f]))");
    static const re2::RE2 process(R"( ?\[#?\d+\])");
    static const re2::RE2 task(R"((\[|\btask )([^\]: ]+):\d+)");
    static const re2::RE2 mapping(R"(\[[0-9a-f]+,[0-9a-f]+\+[0-9a-f]+\])");
    static const re2::RE2 numbers(R"(\b(CPU|PID|cpu|pid|process)([:#= ]+)\d+)");
    static const re2::RE2 page_frame(R"(\bpfn:[0-9a-f]+)"), middle(R"(/\d+/)");
    static const re2::RE2 amount(R"(\b\d+(s|kB)\b)");
    std::string title = printable(trim(message));
    re2::RE2::GlobalReplace(&title, mapping, "");
    re2::RE2::GlobalReplace(&title, exit_code, "exitcode=0x\\1");
    re2::RE2::GlobalReplace(&title, address, "ADDR");
    re2::RE2::GlobalReplace(&title, process, "");
    re2::RE2::GlobalReplace(&title, task, "\\1\\2");
    re2::RE2::GlobalReplace(&title, numbers, "\\1\\2N");
    re2::RE2::GlobalReplace(&title, amount, "N\\1");
    re2::RE2::GlobalReplace(&title, page_frame, "pfn:N");
    re2::RE2::GlobalReplace(&title, middle, "/N/");
    return title;
}

}  // namespace qh
