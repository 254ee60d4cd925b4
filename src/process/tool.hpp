// Runs a helper program (apt-get, mke2fs, qemu-img) to its end and keeps what it said.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/units.hpp"

namespace qh {

/// A helper program to run.
struct tool_command {
    std::vector<std::string> argv;  ///< the first is looked up in PATH, /usr/sbin and /sbin
    std::string package;  ///< where the user may name the program: the usual one's, in Debian
    std::filesystem::path input = {};         ///< its standard input; nothing to read where empty
    std::filesystem::path working_directory;  ///< ours where empty
    std::map<std::string, std::string> environment;  ///< added to ours; LC_ALL is always C
    Duration timeout = std::chrono::minutes(10);
    std::function<void(std::string_view)> on_line;  ///< each line of its standard output
    const std::atomic<bool>* stop = nullptr;        ///< once true, the program is ended
};

/// The program's own answer is no: it ended of itself, with another status than 0.
class tool_failure : public error {
  public:
    tool_failure(const std::string& message, std::string words)
        : error(fault::infrastructure, message), words_(std::move(words)) {}
    /// Its last lines; may be empty.
    const std::string& words() const { return words_; }

  private:
    std::string words_;
};

/// Runs the program and returns its standard output. It cannot outlive us.
/// Throws an infrastructure error that carries the command, its status and its last lines where
/// it is not installed, fails (a tool_failure), is killed, prints more than 16 MiB or takes longer
/// than the timeout, and an interrupted error once `stop` is true.
std::string run_tool(const tool_command& command);

}  // namespace qh
