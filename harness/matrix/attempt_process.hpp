// One attempt at a cell: a `qharness run` of its own, so that what goes wrong in one is nothing to
// the others.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "matrix/cell_outcome.hpp"

namespace qh {

class child;

class attempt_process {
  public:
    /// `argv` ends with its record in `folder` (`--out`); what it says goes to `log`. After
    /// `longest` it is killed.
    attempt_process(boost::asio::any_io_executor executor, std::vector<std::string> argv,
                    std::filesystem::path folder, std::filesystem::path log, Duration longest);
    ~attempt_process();

    /// Runs it to its end. It dies with us, and its QEMU with it. Whatever keeps it from leaving a
    /// result is an infrastructure error of the attempt.
    boost::asio::awaitable<cell_attempt> run();

    /// Has it end its guest in good order.
    void interrupt();
    /// The same at once.
    void kill();

  private:
    boost::asio::any_io_executor executor_;
    std::vector<std::string> argv_;
    std::filesystem::path folder_, log_;
    Duration longest_;
    std::unique_ptr<child> child_;
    bool interrupted_ = false;
};

}  // namespace qh
