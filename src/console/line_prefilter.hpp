// Which of many regexes may match which of many lines: one pass, so that a regex runs only there.
#pragma once

#include <re2/filtered_re2.h>
#include <re2/set.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/literal_scanner.hpp"

namespace qh {

/// Never misses a match of RE2; may name lines that do not match. With vectorscan it looks for the
/// words that RE2 says a match must hold, without it all regexes run as one RE2::Set.
class line_prefilter {
  public:
    enum class method {
        adaptive,  ///< RE2 alone until the text is long enough to pay for preparing the words
        words,     ///< at once, where vectorscan is there
        re2_alone
    };

    /// Each of `regexes` must be one that RE2 takes.
    explicit line_prefilter(const std::vector<std::string>& regexes,
                            method method = method::adaptive);

    /// A line [begin, end) of the text scanned, without its newline, and the indices of the regexes
    /// that may match it, ascending.
    struct candidate {
        std::size_t begin, end;
        std::span<const int> regexes;
    };

    /// Calls `on_line` for each candidate in `lines`, which ends with a newline, from the first to
    /// the last, until it returns false. What `regexes` refers to ends with the call.
    void scan(std::string_view lines, const std::function<bool(const candidate&)>& on_line);

  private:
    struct hit {
        std::size_t end;
        int word;
    };
    void make_filter();
    std::span<const int> may_match(std::string_view line, std::span<const hit> hits);

    std::vector<std::string> regexes_;
    method method_;
    std::size_t scanned_bytes_ = 0;
    std::vector<int> all_;
    std::vector<int> always_;  ///< those without a word that their matches must hold
    std::optional<re2::FilteredRE2> filter_;
    std::optional<literal_scanner> words_;
    std::unique_ptr<re2::RE2::Set> set_;
    std::vector<int> hit_words_, found_;  ///< of the line in hand
    std::vector<hit> hits_;
};

}  // namespace qh
