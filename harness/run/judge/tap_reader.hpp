// What TAP and KTAP tell of a program's tests.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "run/judge/sub_results.hpp"
#include "run/judge/tap_line.hpp"

namespace qh {

/// Reads line by line. Nested tests stand further inside, by however many blanks or tabs, or behind
/// kselftest's "# "; they come before the line of the test that they are parts of. Without
/// indentation they are told by their version line and their plan. Nothing that did not run counts
/// as passed.
class tap_reader {
  public:
    /// TAP 14 demands a plan; KTAP's readers may do without one.
    explicit tap_reader(bool needs_plan) : needs_plan_(needs_plan) {}

    void read(std::string_view line);
    sub_results finish();

  private:
    /// Tests that stand in the same column and share a plan.
    struct level {
        std::size_t column;
        bool quoted;
        std::size_t first_result;  ///< where the results of this level and those in it begin
        std::optional<std::size_t> planned = {};
        std::string reason = {};  ///< of a plan without tests
        std::size_t seen = 0;     ///< tests of this level, whatever they were made of
        std::set<std::size_t> numbers = {};

        bool is_fresh() const { return !planned && seen == 0; }
        bool is_complete() const { return planned && seen >= *planned; }
        std::size_t last_number() const { return numbers.empty() ? 0 : *numbers.rbegin(); }

        /// Without a gap, whatever the first number is: KUnit counts on through all modules, each
        /// of which has a plan of its own.
        bool counts_on() const {
            return numbers.empty() || last_number() - *numbers.begin() + 1 == numbers.size();
        }
    };

    /// Levels that have ended with the test that they are parts of.
    struct parts {
        std::size_t first_result;
        std::string reason;  ///< why none of them ran, where their plan told
    };

    bool is_in_yaml(const tap_line& line);
    bool is_comment(const tap_line& line) const;
    void begin_document(const tap_line& line);
    void read_plan(const tap_line& line);
    void read_test(const tap_line& line);
    void announce(const tap_line& line);
    bool takes_announced(const tap_line& test);
    void add_test(sub_result result, const std::optional<parts>& nested);
    void count(const tap_line& test, level& own);

    level& level_of(const tap_line& line);
    bool ends_before(const tap_line& line) const;
    std::optional<parts> close_before(const tap_line& line, const sub_result* owner);
    void open_level(const tap_line& line);
    parts close_level(const sub_result* owner);
    void check_plan(const level& ended, const sub_result* owner);
    void end_document();

    bool any_failed_since(std::size_t begin) const;
    void add(sub_result result);
    void note(const std::string& problem);

    const bool needs_plan_;
    sub_results found_;
    std::vector<level> levels_;
    std::string announced_;  ///< by "# Subtest:", until a test of it was seen
    std::size_t announced_column_ = 0;
    bool announced_within_ = false;            ///< whether its level had something before
    std::optional<std::size_t> yaml_column_;   ///< of the block that has begun
    std::optional<std::size_t> last_test_at_;  ///< the column of a test in the line before
};

}  // namespace qh
