// What makes the attempts of a night that has begun.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "matrix/cell_outcome.hpp"
#include "matrix/scheduler.hpp"

namespace qh {

/// One attempt at a cell, to be made.
struct attempt_order {
    std::string cell;
    std::size_t number = 1;
    cell_load load;
    std::vector<std::string> argv;  ///< `qharness run …` but for `--out`
    std::filesystem::path folder;   ///< for its record; exists
    std::filesystem::path log;      ///< for what it says
    Duration longest{};             ///< after which it is killed
};

class attempt_executor {
  public:
    virtual ~attempt_executor() = default;

    /// Makes the attempt, to its end. Whatever keeps it from leaving a result is an infrastructure
    /// error of the attempt.
    virtual boost::asio::awaitable<cell_attempt> run(attempt_order order) = 0;

    /// Whether an attempt that began before this night was resumed goes on, or has a result, so
    /// that `run` with its order waits for that instead of beginning another.
    virtual bool has_begun(const attempt_order& order) const = 0;

    /// Gives up what was ordered and has not begun.
    virtual void withdraw() = 0;
    /// Has all attempts end their guests in good order.
    virtual void interrupt() = 0;
    /// The same at once.
    virtual void kill() = 0;
};

}  // namespace qh
