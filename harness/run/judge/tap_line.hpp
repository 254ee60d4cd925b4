// What one line of a test program's output says in TAP or KTAP.
#pragma once

#include <cstddef>
#include <string_view>

namespace qh {

/// A line without the kernel's time stamp, its texts as they came: views of the line.
struct tap_line {
    enum class kind { other, version, plan, test, subtest, bail_out };
    /// What a result says of itself behind a "#"; `note` is any other word.
    enum class directive { none, skip, todo, xfail, failure, note };

    kind is = kind::other;
    std::size_t column = 0;  ///< where the text begins; a tab goes on to the next multiple of 8
    /// Behind a "# ", as kselftest's runner shows what a test prints; else it is a comment.
    bool quoted = false;
    std::string_view text;   ///< all of it from `column` on
    std::size_t number = 0;  ///< how many a plan has; a test's, or 0 where it has none
    bool ok = false;         ///< of a test
    std::string_view name;   ///< a test's or a subtest's
    directive says = directive::none;
    std::string_view reason;  ///< a directive's, a plan's or that of bailing out
};

/// Sources: https://testanything.org (TAP 13 and 14), https://docs.kernel.org/dev-tools/ktap.html.
tap_line read_tap_line(std::string_view line);

}  // namespace qh
