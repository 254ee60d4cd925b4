// A guest's console as lines for a person's terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// Cuts the stream into lines that can do no harm (printable). What only serves the harness, a
/// command channel's markers, is left out.
class console_lines {
  public:
    /// The lines that `bytes` completes. One that grows too long is cut.
    std::vector<std::string> feed(std::string_view bytes);

    /// The line that nothing completed any more, or nothing.
    std::vector<std::string> finish();

  private:
    void end_line(std::vector<std::string>& lines);

    std::string open_;
};

}  // namespace qh
