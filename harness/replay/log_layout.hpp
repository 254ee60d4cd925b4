// How the tool that kept a log has laid out what the console printed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "replay/line_column.hpp"

namespace qh {

/// Found from the log's beginning: a column before each line, lines wrapped at a terminal's width,
/// control characters shown as pictures (U+2400 and on, as labgrid does), escape sequences that
/// lost their first byte. Takes all of it back, a line at a time.
class log_layout {
  public:
    /// What the console printed, and by the column's clock the seconds since the log began.
    using taker = std::function<void(std::string_view text, std::optional<double> seconds)>;

    /// `beginning` holds whole lines, or all of the log.
    explicit log_layout(std::string_view beginning);

    /// Whether the console's bytes are in the log as they were.
    bool plain() const;

    /// `line` is without its newline.
    void take(std::string_view line, const taker& pass_on);

    /// No line will come any more; `ended` tells whether the last one had a newline.
    void finish(bool ended, const taker& pass_on);

  private:
    struct learnt {
        std::optional<line_column> column;
        std::size_t wrap_columns = 0;  ///< 0: it is not wrapped
        bool pictures = false, lost_escapes = false;
        bool second_stamps = false;  ///< kernel-like stamps of a tool's before the kernel's own
        bool hosts = false;  ///< "[    0.000000] host kernel: ", journalctl's monotonic form
    };
    static learnt learn(std::string_view beginning);
    void tell_time(std::string_view column);

    learnt learnt_;
    std::string_view line_end_;  ///< of the last line, not yet passed on
    bool full_width_ = false;    ///< the last line reaches the margin
    std::optional<double> clock_, seconds_;
    double began_ = 0, days_seconds_ = 0;
};

/// `text` with the escape bytes that its control sequences lost (LAVA drops them).
std::string with_escapes(std::string_view text);

}  // namespace qh
