// Coroutines that run side by side and are waited for together.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <functional>

namespace qh {

class task_group {
  public:
    /// `failed` hears of each exception that leaves a task.
    task_group(const boost::asio::any_io_executor& executor,
               std::function<void(std::exception_ptr)> failed)
        : ended_(executor), failed_(std::move(failed)) {}

    /// The group must outlive the task.
    void spawn(boost::asio::awaitable<void> task);

    bool empty() const { return running_ == 0; }

    /// Returns when the last task has ended, or at `deadline`.
    boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point deadline);

  private:
    boost::asio::steady_timer ended_;
    std::function<void(std::exception_ptr)> failed_;
    int running_ = 0;
};

}  // namespace qh
