// What belongs to one failure among the lines of a console.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "console/console_patterns.hpp"
#include "console/kernel_message.hpp"

namespace qh {

/// The lines that belong to a failure, from its own to the last of its trace.
struct failure_trace {
    std::string title;  ///< the failure's
    std::string site;   ///< the function that failed: the first named that is no helper
    std::vector<std::string> lines;
    bool cut = false;  ///< there were more than are kept
};

/// Collects the lines of a failure's report. It ends with the line that its pattern's `end` names,
/// by the kernel's silence, where another failure begins, or where only others have spoken for a
/// while; what those said behind its last line is not part of it. Memory is bounded.
class failure_report {
  public:
    /// `lead` are the lines that announced `message`, itself the last of them.
    failure_report(const console_patterns& patterns, const console_pattern& pattern,
                   std::string title, std::vector<std::string> lead,
                   const console_message& message);

    enum class place { within, last, behind };

    /// Takes in the next message of who reports, unless that is behind the report's end.
    place add(const console_message& message);

    /// Whether the kernel reports, rather than what runs before or beneath it.
    bool is_by_kernel() const { return pattern_->said_by == speaker::kernel; }

    /// Whether `message` is the line that the pattern names as the last one.
    bool ended_by(const console_message& message) const;

    /// Whether `message` of `pattern`, which only goes on with a report, may go on with this one.
    bool goes_on_with(const console_pattern& pattern, const console_message& message);

    /// The end: the report as it is, without the last `count` lines, which are another's.
    failure_trace take(std::size_t count = 0);

  private:
    bool is_full(std::size_t line_bytes) const;
    void look_for_site(const console_message& message);
    void drop_last(std::size_t count);

    const console_patterns& patterns_;
    const console_pattern* pattern_;
    failure_trace trace_;
    std::optional<std::uint64_t> stamp_us_;
    std::size_t bytes_ = 0;
    bool body_began_ = false;
    std::size_t strangers_ = 0;  ///< lines at the end that may be another's
};

}  // namespace qh
