// Lines that a regex does not match and almost does.
#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

struct near_match {
    std::string line;
    double seconds = 0;      ///< when it was on the console; 0 where that is not known
    std::string difference;  ///< a sentence's end: "matches but for case", …
    int distance = 0;        ///< the smaller the nearer; 0 is a match after all
};

/// A regex that did not match, and the lines that nearly did, the nearest first.
struct missed_pattern {
    std::string regex;
    std::vector<near_match> nearest;
};

/// Told lines, keeps those that come nearest to a match of one regex: with its letters in another
/// case, with other white space, with another number, or with as long a beginning of the regex as
/// possible. Memory is bounded, time is that of a few regexes.
class near_matches {
  public:
    /// `regex` is one that RE2 takes.
    explicit near_matches(const std::string& regex);

    void look_at(std::string_view line, double seconds);

    /// The nearest first, no line twice, three at most; nothing where no line came near.
    std::vector<near_match> nearest() const;

    const std::string& regex() const { return regex_; }

  private:
    struct variant {
        variant(std::string what, const std::string& regex_text);
        std::string difference;
        re2::RE2 regex;
    };
    void prepare();
    void look_for_beginning(std::string_view line, double seconds);
    void keep(near_match found);

    std::string regex_;
    re2::RE2 whole_;
    std::deque<variant> variants_;
    std::vector<std::string> numbers_;     ///< those in the regex; their variant is the last one
    std::vector<std::string> beginnings_;  ///< of the regex, ever longer
    std::deque<re2::RE2> compiled_;        ///< of `beginnings_`, as far as needed
    std::size_t longest_ = 0;              ///< how many of them a line matched
    std::unique_ptr<re2::RE2::Set> any_;   ///< all that a line is looked for, in one pass
    std::vector<near_match> found_;
};

}  // namespace qh
