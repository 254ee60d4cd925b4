// A program under test at a terminal of its own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "process/child.hpp"

namespace qh::integration {

class terminal_program {
  public:
    /// Starts `argv` (with a path as argv[0]) in `folder` on a new pseudo-terminal, its
    /// environment ours with `variables` on top.
    terminal_program(const std::vector<std::string>& argv, const std::filesystem::path& folder,
                     const std::map<std::string, std::string>& variables);
    terminal_program(const terminal_program&) = delete;
    terminal_program& operator=(const terminal_program&) = delete;
    ~terminal_program();

    void type(std::string_view bytes) const;
    void signal(int number) const;

    /// Returns when the text has come since the last text that was waited for. Throws an error
    /// with all that came where the program ends or takes too long before.
    void wait_for(std::string_view text);

    /// Whether keys reach the program one by one and unechoed.
    bool is_raw() const;

    /// Waits for the end; `seen` is then complete.
    exit_status finish();

    /// All that the program wrote.
    const std::string& seen() const { return seen_; }

  private:
    bool read_some();

    unique_fd fd_;
    pid_t pid_ = -1;
    bool reaped_ = false;
    std::string seen_;
    std::size_t waited_ = 0;
    std::chrono::steady_clock::time_point deadline_;
};

}  // namespace qh::integration
