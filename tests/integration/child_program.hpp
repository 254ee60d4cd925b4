// A program under test: started, listened to, signalled, and never outlived by.
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

/// How a program ended and all it wrote.
struct program_end {
    exit_status status;
    std::string output;  ///< standard output
    std::string errors;  ///< standard error
};

/// No test waits longer, whatever the program does; a guest on a loaded host needs minutes.
inline constexpr std::chrono::minutes longest_test{5};

class child_program {
  public:
    /// Starts `argv` (with a path as argv[0]) in `folder`, its environment ours with `variables`
    /// on top. Throws an error where it cannot.
    child_program(const std::vector<std::string>& argv, const std::filesystem::path& folder,
                  const std::map<std::string, std::string>& variables = {},
                  std::chrono::minutes time_limit = longest_test);
    ~child_program();

    int pid() const { return pid_; }
    void signal(int number) const;
    void type(std::string_view text) const;

    /// Return when the text has come. Throw an error with all that came instead when the program
    /// ends or the deadline passes before.
    void wait_for_output(std::string_view text);
    void wait_for_errors(std::string_view text);

    /// Waits for the end. Throws an error when the deadline passes before.
    program_end finish();

  private:
    bool read_some();
    [[noreturn]] void give_up(const std::string& what);

    pid_t pid_ = -1;
    bool reaped_ = false;
    unique_fd input_, output_, errors_;
    std::string output_text_, errors_text_;
    std::chrono::steady_clock::time_point deadline_;
};

/// Starts a program and waits for its end.
program_end run_program(const std::vector<std::string>& argv, const std::filesystem::path& folder,
                        const std::map<std::string, std::string>& variables = {},
                        std::chrono::minutes time_limit = longest_test);

/// Waits until the process is gone (a zombie counts as gone), whoever its parent is. False when
/// it lives on past the deadline.
bool wait_until_gone(int pid);

}  // namespace qh::integration
