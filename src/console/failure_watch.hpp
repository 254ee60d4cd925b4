// Kernel and firmware failures on the console, line by line.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>
#include <vector>

#include "console/console_patterns.hpp"
#include "console/failure_report.hpp"
#include "console/kernel_message.hpp"

namespace qh {

/// A watchdog of the guest's has spoken, which goes by a clock that runs on while the host keeps
/// the guest waiting.
struct guest_watchdog {
    Duration limit;    ///< after which it speaks, unless the guest has set another
    Duration elapsed;  ///< when it spoke
    bool ends_all;     ///< nothing works any more
};

/// A failure the guest told of. Equal crashes have equal titles.
struct failure {
    std::string kind;          ///< "panic", "oops", "signal" …, as in the pattern file
    std::string title;         ///< the message without time stamp, addresses and process numbers
    bool fatal = false;        ///< whether no verdict but a failed one is true after it
    std::string line;          ///< as printed, made harmless
    bool by_scenario = false;  ///< the scenario's own pattern, and so no word of the kernel's
    std::optional<guest_watchdog> watchdog = std::nullopt;  ///< that told of it
};

/// A boot has come so far: "firmware", "kernel", "init".
struct milestone {
    std::string kind;
    std::string title;
};

using watch_event = std::variant<failure, failure_trace, milestone>;

/// Judges lines by the patterns, each message of a line by itself. The same words inside another
/// text do not count, nor unmarked at a line's beginning where the kernel marked its first line;
/// nor in a line that repeats, time stamp and all, an earlier one (dmesg), nor in one that stands
/// in what was typed. A failure ends the report of the one before, unless it goes on with it.
class failure_watch {
  public:
    /// `patterns` must outlive the watch.
    explicit failure_watch(const console_patterns& patterns);

    /// Appends what `line` tells to `events`.
    void on_line(std::string_view line, std::vector<watch_event>& events) {
        on_line(line, {}, every_pattern_, events);
    }

    /// The same, where it is known what stood before the line, empty where nobody knows, and which
    /// of the patterns may match, ascending.
    void on_line(std::string_view line, std::string_view line_before,
                 std::span<const int> may_match, std::vector<watch_event>& events);

    /// Whether also lines that no pattern may match must come to `on_line`.
    bool needs_every_line() const { return report_ || !lead_.empty(); }

    /// `bytes` were typed on the console. `last_lines` are what it showed up to then: before the
    /// first typing only the firmware and the guest's own start speak, so a line with an older
    /// time stamp than theirs is a copy (dmesg, a log) from then on, and a banner no firmware's.
    void on_typed(std::string_view bytes, std::span<const std::string_view> last_lines);

    /// The machine was reset: its firmware speaks next.
    void on_reset();

    /// What says something once in each boot may say it again.
    void expect_reboot();

    /// No line will come any more: a report that has not ended is told as it is.
    void finish(std::vector<watch_event>& events);

  private:
    struct held_failure {
        failure what;
        gravity severity;
    };
    void on_message(const console_message& message, std::string_view line,
                    std::string_view line_before, std::span<const int> may_match,
                    std::vector<watch_event>& events);
    const console_pattern* pattern_of(const console_message& message,
                                      std::span<const int> may_match);
    bool may_say(const console_pattern& pattern, const console_message& message) const;
    bool is_by_kernel(const console_message& message) const;
    bool is_repetition(const console_message& message);
    bool tell_failure(const console_pattern& pattern, const console_message& message,
                      std::string_view line, std::vector<watch_event>& events);
    void tell_milestone(const console_pattern& pattern, const console_message& message,
                        std::string_view line_before, std::vector<watch_event>& events);
    void begin_boot(const console_pattern& pattern, std::vector<watch_event>& events);
    void begin_kernel(std::string_view line_before, std::vector<watch_event>& events);
    bool is_boot_again(std::string_view line_before) const;
    void restart_kernel(const console_message& message, std::vector<watch_event>& events);
    void release_held(bool fatal, std::vector<watch_event>& events);
    void add_to_lead(bool announces, const console_message& message);
    void add_to_report(const console_message& message, std::vector<watch_event>& events);
    void end_report(std::vector<watch_event>& events, std::size_t of_another = 0);

    const console_patterns& patterns_;
    std::vector<int> every_pattern_;
    bool kernel_marks_ = false;  ///< its lines have time stamps or priorities
    bool firmware_spoke_ = false, init_began_ = false;
    bool kernel_began_ = false;       ///< it has said something
    bool kernel_started_ = false;     ///< its first line was seen
    bool halted_ = false;             ///< nothing works any more, or the kernel gave up the machine
    bool restart_announced_ = false;  ///< the next boot is no failure
    std::optional<failure_report> report_;
    std::vector<std::string> lead_;         ///< lines from an announcement on
    std::vector<held_failure> held_;        ///< until it is known whether a kernel begins
    std::unordered_set<std::size_t> told_;  ///< hashes of failures' messages and time stamps
    std::unordered_set<const console_pattern*> seen_;
    std::string typed_;
    std::string before_kernel_;  ///< what was said last before the kernel began
    std::optional<std::uint64_t>
        oldest_stamp_us_;  ///< of what is no copy, once something was typed
};

}  // namespace qh
