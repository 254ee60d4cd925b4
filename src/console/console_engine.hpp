// The console engine: bytes in; failures, milestones and awaited matches out, in the stream's
// order.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "console/console_patterns.hpp"
#include "console/expectation.hpp"
#include "console/failure_watch.hpp"
#include "console/line_prefilter.hpp"
#include "console/transcript.hpp"

namespace qh {

using console_event = std::variant<failure, failure_trace, milestone, expectation::match>;

/// Watches a console without I/O and without a clock. What it says depends on the bytes alone, not
/// on how they were cut into chunks. Time is linear in the bytes; memory is bounded whatever comes.
class console_engine {
  public:
    /// `patterns` must outlive the engine.
    explicit console_engine(const console_patterns& patterns,
                            line_prefilter::method method = line_prefilter::method::adaptive);

    /// Takes in the first bytes of `bytes`, at most 64 KiB, and returns how many those were. Before
    /// the next call `next` must have said that there is no more event.
    std::size_t feed(std::string_view bytes);

    /// The console has been silent for a moment, or `rested` longer than that: its open line, a
    /// prompt perhaps, may be matched as it stands.
    void settle(bool rested);

    /// No byte will come any more.
    void finish();

    /// The next event in the stream's order.
    std::optional<console_event> next();

    /// Waits for the first match in what was not yet read. Unread is what came after the last
    /// match; of that the last 256 KiB.
    void expect(const std::vector<expected_pattern>& patterns);
    void stop_expecting();
    bool expecting() const { return expectation_.has_value(); }

    /// All that came so far is read.
    void read_all();

    /// Whether failures and milestones are looked for in the console's lines. Where commands print
    /// on the same console, someone else must find the kernel's lines: see `on_kernel_line`.
    void watch(bool on) { watching_ = on; }
    void on_kernel_line(std::string_view line);

    /// `bytes` were typed on the console.
    void on_typed(std::string_view bytes) { watch_.on_typed(bytes, last_lines(100)); }

    /// The machine was reset: its firmware speaks next.
    void on_reset() { watch_.on_reset(); }

    /// The guest is told to reboot: its firmware may begin once more.
    void expect_reboot() { watch_.expect_reboot(); }

    /// The last complete lines up to the event that `next` told last, at most `count`, and the open
    /// line where that is the end. Plain text, but hostile.
    std::vector<std::string_view> last_lines(std::size_t count) const;

    std::string_view open_line() const { return text_.open_line(); }

  private:
    struct candidate {
        transcript::position begin, end;
        std::vector<int> patterns;
    };
    void find_candidates(transcript::position from);
    void find_match();
    void watch_until(transcript::position limit);
    void watch_line(transcript::position begin, std::span<const int> patterns);
    std::string_view line_before(transcript::position begin) const;
    console_event take_match();

    line_prefilter::method method_;
    transcript text_;
    failure_watch watch_;
    line_prefilter watch_filter_;
    bool watching_ = true;
    std::deque<candidate> candidates_;  ///< lines that may hold a failure, not yet watched
    transcript::position watched_ = 0;  ///< failures before this were told
    transcript::position told_ = 0;     ///< where the stream was at the last event
    std::vector<watch_event> found_;
    std::size_t found_told_ = 0;
    std::optional<expectation> expectation_;
    transcript::position searched_ = 0;  ///< lines that end before this do not match
    std::optional<expectation::match> match_;
    std::optional<bool> settled_;  ///< whether it rested long
};

}  // namespace qh
