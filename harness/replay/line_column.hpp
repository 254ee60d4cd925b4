// The column that a tool has put in front of every line of a log.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qh {

/// What the beginning of a line consists of. Blanks that only align a number belong to it, and a
/// tool's colours to nothing.
enum class token_kind { end, number, word, blanks, symbol };

struct line_token {
    token_kind what;
    std::string_view text;
};

/// The next token of `line` from `at` on, which goes behind it.
line_token next_token(std::string_view line, std::size_t& at);

/// Known by its shape alone: numbers, words, blanks and symbols in the same order in nearly all
/// lines. It holds a clock, a line's number, a logger's level, a mark such as "|" or ">", or the
/// same words in every line. The kernel's own time stamps are no column.
class line_column {
  public:
    struct place {
        std::size_t length;      ///< of the column, in bytes; the console's text is behind it
        bool continues = false;  ///< the text goes on with the line before: GitLab's "00O+"
    };

    struct field {
        token_kind what;
        std::string text = {};  ///< the symbol, or the word where it is always the same one
        std::size_t fewest_blanks = 0;
    };

    line_column(std::vector<field> fields, bool has_clock)
        : fields_(std::move(fields)), has_clock_(has_clock) {}

    /// Nothing where `line` has no such column.
    std::optional<place> find(std::string_view line) const;

    bool has_clock() const { return has_clock_; }

  private:
    std::optional<place> find_bracketed_time(std::string_view line) const;

    std::vector<field> fields_;
    bool has_clock_;
};

/// The column of a log that begins with `lines`, which have no line ends. Nothing where they share
/// none, or too few lines show it.
std::optional<line_column> shared_column(std::span<const std::string_view> lines);

}  // namespace qh
