// Parts kernel messages from a command's output on one serial line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// While the terminal's output processing is off (`stty -opost`), a command's lines end in `\n`
/// and only the kernel's printk writes `\r\n`. So `[   12.345678] … \r\n` is a kernel line even
/// in the middle of a command's line, and the same words printed by `dmesg` are not.
/// Works on a stream: the result does not depend on how the bytes were cut into chunks.
class kernel_line_filter {
  public:
    /// Appends what is not the kernel's to `output`, and each kernel line (with its time stamp,
    /// without `\r\n`) to `kernel_lines`.
    void feed(std::string_view bytes, std::string& output, std::vector<std::string>& kernel_lines);

  private:
    void take(char byte, std::string& output, std::vector<std::string>& kernel_lines);
    void release(std::string& output);

    std::string held_;  // begins with '[' and may yet turn out to be a kernel line
    bool stamped_ = false;
};

}  // namespace qh
