// Lines of a stream that end in a carriage return and a newline.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// While the terminal's output processing is off, only what does not go through the terminal ends
/// its lines so: the firmware, and a kernel that prints no time stamps (printk.time=0). What
/// kernel_line_filter cannot cut out of a command's output can be noticed so all the same.
class crlf_lines {
  public:
    /// Appends each such line that `bytes` complete to `lines`, without its end. The first 2048
    /// bytes of a line are kept.
    void feed(std::string_view bytes, std::vector<std::string>& lines);

  private:
    void append(std::string_view part);

    std::string line_;
    char last_ = 0;
};

}  // namespace qh
