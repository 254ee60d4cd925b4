// The terminal on standard input as another machine's console.
#pragma once

#include <termios.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/files.hpp"

namespace qh {

/// Whether standard input is a terminal.
bool has_terminal();

/// Puts the terminal into raw mode, in which every key comes as its bytes and nothing is echoed,
/// and back when the object goes, with what a guest may have left switched on (colours, a hidden
/// cursor, mouse reports, the alternate screen) off.
class raw_terminal {
  public:
    /// Throws a usage error where standard input is no terminal.
    raw_terminal();
    raw_terminal(const raw_terminal&) = delete;
    raw_terminal& operator=(const raw_terminal&) = delete;
    ~raw_terminal();

    /// To wait for keys; never blocks.
    int descriptor() const { return fd_.get(); }

    /// What was typed by now, maybe nothing; none: the terminal is gone.
    std::optional<std::string> read();

    /// Shows the bytes as they are. A terminal that takes nothing for a second misses them.
    void write(std::string_view bytes);

  private:
    unique_fd fd_;
    termios before_{};
};

}  // namespace qh
