// The kernel's time stamps in a log's lines.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

/// Where the kernel's time stamp at the beginning of `text` ends, "[    0.000000] " with the caller
/// behind it where the kernel tells that; 0 where there is none.
std::size_t kernel_stamp_length(std::string_view text);

/// Where in `line` the kernel has printed into another's text; nothing where it has not.
std::optional<std::size_t> interruption_in(std::string_view line);

/// Whether `line` quotes a kernel's message, rather than being one: a file's name, syslog's words
/// or a priority stand in front of it, as `grep`, `cat` and pstore print them.
bool quotes_kernel(std::string_view line);

/// Puts lines that the kernel has printed into together again, and its messages before them; behind
/// a prompt, which what a command printed ends at.
class kernel_lines_apart {
  public:
    using taker = std::function<void(std::string_view line)>;

    /// `line` is without its newline, and so are those that `take` gets.
    void feed(std::string_view line, const taker& take);
    void finish(const taker& take);

  private:
    std::optional<std::string> begun_;  ///< a line that the kernel has interrupted
};

}  // namespace qh
