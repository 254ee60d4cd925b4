#include "machine/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace qh {

namespace asio = boost::asio;

void task_group::spawn(asio::awaitable<void> task) {
    ++running_;
    asio::co_spawn(ended_.get_executor(), std::move(task), [this](std::exception_ptr cause) {
        if (cause) failed_(cause);
        if (--running_ == 0) ended_.cancel();
    });
}

asio::awaitable<void> task_group::wait_until(std::chrono::steady_clock::time_point deadline) {
    if (running_ == 0) co_return;
    ended_.expires_at(deadline);
    boost::system::error_code ignored;
    co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace qh
