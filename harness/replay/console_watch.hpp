// What the step in progress waits for, and the console's lines meanwhile.
#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "console/transcript.hpp"
#include "replay/what_if.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Holds each console line against the regexes of an `expect` step, to tell what came near.
class console_watch {
  public:
    /// The patterns of `step` that would pass it; none of other steps than `expect`.
    void begin(const step& step);
    void end() { patterns_.clear(); }

    void feed(std::string_view bytes, double seconds);

    std::vector<missed_pattern> missed() const;

    /// When a line first matched one of the regexes, though nobody took it; none did: empty.
    std::optional<near_match> came() const;

  private:
    struct timed_line {
        std::string text;
        double seconds;
    };

    transcript text_;
    std::deque<timed_line> recent_;
    std::deque<near_matches> patterns_;
};

/// The same of a text whose lines come at once, as a command's output does.
std::vector<missed_pattern> missed_in(const std::string& text,
                                      const std::vector<std::string>& regexes);

}  // namespace qh
