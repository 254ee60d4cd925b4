// Kernel and firmware failures on the console, by patterns that are data.
#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace qh {

/// A failure the guest told of. Equal crashes have equal titles.
struct failure {
    std::string kind;    ///< "panic", "oops", "signal" …, as in the pattern file
    std::string title;   ///< the line without time stamp, addresses and process numbers
    bool fatal = false;  ///< whether no verdict but a failed one is true after it
    std::string line;    ///< as printed
};

/// Reads the pattern file (scenarios/lib/failure_patterns.json) and applies it to lines. A
/// pattern begins where a kernel message begins: at a line's beginning, or after a time stamp
/// wherever in a line that stands. The same words inside another text do not count.
class failure_watch {
  public:
    /// Throws a usage error that points into the file on a mistake there.
    explicit failure_watch(const json_document& patterns);

    std::optional<failure> on_line(std::string_view line) const;

  private:
    struct pattern {
        std::string kind;
        bool fatal;
        std::unique_ptr<re2::RE2> start;
    };

    std::vector<pattern> patterns_;
    std::unique_ptr<re2::RE2::Set> starts_;
    std::unique_ptr<re2::RE2::Set> benign_;
};

/// A message without what differs from one occurrence to the next.
std::string normalised_title(std::string_view message);

}  // namespace qh
