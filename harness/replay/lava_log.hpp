// LAVA's log of a job: YAML, a list of {dt, lvl, msg}, and the job's verdict in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replay/log_piece.hpp"

namespace qh {

/// What the tool that kept a log says itself of what it tested.
struct log_remark {
    std::string text;
    bool failed;  ///< its verdict is that the test failed
    std::optional<double> seconds;
};

/// Of level "target" and "feedback" (another console's, while LAVA does something else) is what the
/// machine printed, of "input" what LAVA typed, of "exception" why LAVA gave up, and of "results"
/// how a test case ended. LAVA drops the escape bytes of control sequences.
class lava_log {
  public:
    static bool begins_with(std::string_view line);

    /// Takes an entry's line. False where it is none.
    bool take_line(std::string_view line, const piece_taker& take);

    /// The first hundred.
    const std::vector<log_remark>& remarks() const { return remarks_; }

  private:
    void remark(std::string text, bool failed, std::optional<double> seconds);

    std::optional<double> began_;
    std::vector<log_remark> remarks_;
};

}  // namespace qh
