// What has come over the console, for those who look at its text: expect, excerpts, progress.
#pragma once

#include <re2/re2.h>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/escape_filter.hpp"
#include "console/line_buffer.hpp"

namespace qh {

/// Captured named groups.
using captures = std::map<std::string, std::string>;

class console_view {
  public:
    /// Takes in raw bytes; returns the lines they completed, as plain text.
    std::vector<std::string> feed(std::string_view bytes);

    const std::string& open_line() const { return lines_.open_line(); }

    /// The last `count` lines that say something, the open one included and the command channel's
    /// markers left out, made harmless for a terminal.
    std::string excerpt(std::size_t count) const;

    /// The last of those lines as it came: hostile bytes.
    std::string_view last_line() const;

    /// Looks for `pattern` in each line not yet consumed, the open last one included; consumes up
    /// to the end of the match. Lines that do not match are not looked at again.
    std::optional<captures> find(const re2::RE2& pattern);

    /// Later calls of `find` see only what comes from now on.
    void consume_all();

  private:
    std::optional<captures> find_in(const re2::RE2& pattern, const std::string& line);

    escape_filter escapes_;
    line_buffer lines_;
    std::deque<std::string> recent_;
    std::deque<std::string> unconsumed_;
    std::size_t offset_ = 0;  ///< where the first line not consumed goes on
};

/// The named groups of a successful match.
captures named_groups(const re2::RE2& pattern, const std::vector<re2::StringPiece>& groups);

}  // namespace qh
