// What QEMU writes to its standard error.
#pragma once

#include <string>
#include <string_view>

namespace qh {

/// QEMU writes a message in pieces; this gives whole lines, up to 16 MiB of them and then a note:
/// a device model that warns without end must not fill the host's disk.
class error_output {
  public:
    /// The lines that `bytes` complete; a line longer than 4096 bytes comes in parts.
    std::string feed(std::string_view bytes);

    /// The last line, which has no end.
    std::string finish();

    /// The last 8192 bytes of what was given.
    const std::string& tail() const { return tail_; }

  private:
    std::string take(std::size_t count);

    std::string open_, tail_;
    std::size_t told_ = 0;  ///< bytes
};

}  // namespace qh
