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

/// The lines that belong to a failure, from its own to the end its pattern names.
struct failure_trace {
    std::string title;  ///< the failure's
    std::string site;   ///< the function that failed, where a line names it
    std::vector<std::string> lines;
    bool cut = false;  ///< there were more than are kept
};

/// A boot has come so far: "firmware", "kernel", "init".
struct milestone {
    std::string kind;
    std::string title;
};

using watch_event = std::variant<failure, failure_trace, milestone>;

/// Judges lines by the patterns. A message begins at a line's beginning, or behind a time stamp
/// wherever in a line that stands, for the kernel prints into others' lines. The same words inside
/// another text do not count, nor at a line's beginning without a time stamp where the kernel began
/// with one; nor in a line that repeats, time stamp and all, an earlier one (dmesg),
/// nor in one that stands in what was typed. What comes within a failure's trace belongs to that,
/// unless it is graver, or of the very same pattern where that calls each separate.
class failure_watch {
  public:
    /// `patterns` must outlive the watch.
    explicit failure_watch(const console_patterns& patterns);

    /// Appends what `line` tells to `events`.
    void on_line(std::string_view line, std::vector<watch_event>& events) {
        on_line(line, every_pattern_, events);
    }

    /// The same, where it is known which of the patterns may match, ascending.
    void on_line(std::string_view line, std::span<const int> may_match,
                 std::vector<watch_event>& events);

    /// Whether also lines that no pattern may match must come to `on_line`.
    bool needs_every_line() const { return trace_ || !lead_.empty(); }

    /// `bytes` were typed on the console. `last_lines` are what it showed up to then: before the
    /// first typing only the firmware and the guest's own start speak, so a line with an older
    /// time stamp than theirs is a copy (dmesg, a log) from then on, and a banner no firmware's.
    void on_typed(std::string_view bytes, std::span<const std::string_view> last_lines);

    /// The machine was reset: its firmware speaks next.
    void on_reset();

    /// What says something once in each boot may say it again.
    void expect_reboot() { seen_.clear(); }

    /// No line will come any more: a trace that has not ended is told as it is.
    void finish(std::vector<watch_event>& events);

  private:
    struct message {
        std::string_view text;
        std::optional<std::uint64_t> stamp_us;
    };
    struct open_trace {
        failure_trace trace;
        const console_pattern* awaited;  ///< whose end is the trace's
        gravity severity;
        std::optional<std::uint64_t> stamp_us;
        std::size_t bytes = 0;
        int ends_awaited = 1;
    };
    static std::vector<message> messages_in(std::string_view line);
    bool on_message(const message& message, std::string_view line, std::span<const int> may_match,
                    std::vector<watch_event>& events);
    void tell(const console_pattern& pattern, const message& message, std::string_view line,
              std::vector<watch_event>& events);
    bool may_say(const console_pattern& pattern, const message& message) const;
    bool is_repetition(const message& message);
    void note_failure(const console_pattern& pattern, const message& message, failure found,
                      std::vector<watch_event>& events);
    void continue_trace(const message& message, std::vector<watch_event>& events);
    void end_trace_before(const message& message, std::vector<watch_event>& events);
    void end_trace(std::vector<watch_event>& events);

    const console_patterns& patterns_;
    std::vector<int> every_pattern_;
    bool kernel_stamps_ = false, kernel_began_ = false;
    std::optional<open_trace> trace_;
    std::vector<std::string> lead_;         ///< lines from an announcement on
    std::unordered_set<std::size_t> told_;  ///< hashes of failures' messages and time stamps
    std::unordered_set<const console_pattern*> seen_;
    std::string typed_;
    std::optional<std::uint64_t>
        oldest_stamp_us_;  ///< of what is no copy, once something was typed
};

/// A message without what differs from one occurrence to the next.
std::string normalised_title(std::string_view message);

}  // namespace qh
