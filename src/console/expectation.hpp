// What a scenario waits for on the console.
#pragma once

#include <re2/re2.h>

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/line_prefilter.hpp"
#include "console/transcript.hpp"

namespace qh {

/// Captured named groups.
using captures = std::map<std::string, std::string>;

/// The named groups of a successful match.
captures named_groups(const re2::RE2& pattern, const std::vector<re2::StringPiece>& groups);

struct expected_pattern {
    std::string regex;  ///< one that RE2 takes; `^` and `$` stand for a line's ends
    /// More than one: the regex sees that many lines at once, up to the one that just ended.
    std::size_t window_lines = 1;
};

/// Several patterns waited for at once. The first line that completes a match decides; of several
/// matches there the one that begins first in the stream wins, of equals the first in the list.
class expectation {
  public:
    explicit expectation(const std::vector<expected_pattern>& patterns,
                         line_prefilter::method method = line_prefilter::method::adaptive);

    struct match {
        std::size_t pattern;  ///< its index in the list
        captures groups;
        std::string line;               ///< the line or lines that matched
        transcript::position end;       ///< of the match
        transcript::position line_end;  ///< behind the newline of the line that completed it
    };

    /// Looks at the unread part of `text`'s complete lines; at those lines only that end in
    /// [from, to).
    std::optional<match> find(const transcript& text, transcript::position from,
                              transcript::position to);

    /// Looks at the unread part of the open line, at that alone. One more byte may make another
    /// match of one that reaches the line's end, so that one is taken only where its regex asks for
    /// the end itself or the console `rested` long.
    std::optional<match> find_in_open_line(const transcript& text, bool rested) const;

  private:
    struct pattern {
        explicit pattern(const expected_pattern& expected);
        re2::RE2 regex;
        std::size_t window_lines;
        bool asks_for_the_end;
    };
    std::optional<match> match_line(const transcript& text, transcript::position begin,
                                    transcript::position end, std::span<const int> patterns) const;

    std::deque<pattern> patterns_;
    std::vector<int> all_;
    std::optional<line_prefilter> prefilter_;  ///< none where a pattern sees several lines
};

}  // namespace qh
