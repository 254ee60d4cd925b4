// One question to a program that listens on a socket in the file system.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/files.hpp"

namespace qh::integration {

class unix_peer {
  public:
    /// Throws an infrastructure error where nobody listens.
    explicit unix_peer(const std::filesystem::path& socket_path);

    /// Sends `question` and returns what has come when it matches `whole_answer`, a regular
    /// expression. Throws an error with what came where the peer falls silent before.
    std::string ask(std::string_view question, const std::string& whole_answer) const;

  private:
    unique_fd connection_;
};

/// The guest's registers as QEMU's gdb stub gives them: 16 digits each, the first is zero.
std::string registers_from(const unix_peer& stub);

}  // namespace qh::integration
