// Plain text to lines: complete ones, and the open last one that a prompt stands in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// Cuts the output of escape_filter into lines. A line longer than `limit_bytes` is cut there and
/// goes on as the next line, so that memory stays bounded whatever arrives.
class line_buffer {
  public:
    explicit line_buffer(std::size_t limit_bytes = 4096) : limit_bytes_(limit_bytes) {}

    /// Appends each line that `text` completes to `lines`, without its newline.
    void feed(std::string_view text, std::vector<std::string>& lines);

    /// The last line as far as it has come.
    const std::string& open_line() const { return open_; }

  private:
    std::size_t limit_bytes_;
    std::string open_;
    bool restart_ = false;
};

}  // namespace qh
