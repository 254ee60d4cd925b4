// A child process that never outlives us; with src/process/tool the only user of Boost.Process.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "process/cpu_usage.hpp"

namespace qh {

/// How a process ended.
struct exit_status {
    bool signalled = false;  ///< `code` is a signal's number, else what it returned
    int code = 0;
    bool clean() const { return !signalled && code == 0; }
    /// "exited with status 1", "was killed by signal 9 (Killed)".
    std::string text() const;
    bool operator==(const exit_status&) const = default;
};

class child {
  public:
    /// Starts `argv` with no standard input, standard output and error going to `output_fd`, and
    /// only `fds` besides, under their own numbers. The kernel kills it when this process dies,
    /// even by SIGKILL; for that the calling thread must live as long as the process. argv[0] is
    /// looked for in PATH. Throws an infrastructure error that says what to install or mend.
    child(boost::asio::any_io_executor executor, const std::vector<std::string>& argv,
          const std::vector<int>& fds, int output_fd);
    ~child();

    int pid() const;

    /// Sends a signal; does nothing when the process has ended.
    void signal(int number);

    /// Waits for the end. `usage()` is final from then on.
    boost::asio::awaitable<exit_status> wait();

    /// What the process has had of the host's CPUs so far.
    process_usage usage() const;

  private:
    struct implementation;
    std::unique_ptr<implementation> self_;
};

}  // namespace qh
