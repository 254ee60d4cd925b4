#include "machine/recorded_typing.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

namespace qh {

namespace asio = boost::asio;
using boost::system::error_code;
using local_socket = asio::local::stream_protocol::socket;

namespace {

/// With so many bytes in the UART Linux has it interrupt, and QEMU reads no more until the guest
/// has fetched them. It would hold as many again.
constexpr std::size_t typed_at_once = 8;

/// Each question is in QEMU's log.
class growing_pause {
  public:
    growing_pause(const asio::any_io_executor& executor, std::chrono::microseconds first)
        : timer_(executor), next_(first) {}

    asio::awaitable<void> wait() {
        timer_.expires_after(next_);
        next_ = std::min(2 * next_, longest);
        co_await timer_.async_wait(asio::use_awaitable);
    }

  private:
    static constexpr std::chrono::microseconds longest{32'000};
    asio::steady_timer timer_;
    std::chrono::microseconds next_;
};

/// Whether QEMU has not yet read all that was written.
bool has_unread(local_socket& socket) {
    int bytes = 0;
    return ::ioctl(socket.native_handle(), SIOCOUTQ, &bytes) == 0 && bytes > 0;
}

asio::awaitable<std::uint64_t> instructions(qmp_calls& calls) {
    const auto replay = co_await calls.call("query-replay");
    co_return replay.value("icount", std::uint64_t{0});
}

}  // namespace

/// QEMU gives the UART what it has read before it executes so much.
constexpr recorded_typing::patience recorded_typing::until_given{
    10'000, 1, std::chrono::microseconds(250), std::chrono::seconds(2)};

/// The UART tells of fewer bytes only after a while, four characters long: 0.35 ms of the guest's
/// time, in which it may execute 174,000 instructions.
constexpr recorded_typing::patience recorded_typing::until_fetched{
    1'000'000, 50'000, std::chrono::milliseconds(1), std::chrono::seconds(1)};

asio::awaitable<void> recorded_typing::wait_until_taken() {
    growing_pause pause(console_.get_executor(), owed_->first_pause);
    while (has_unread(console_)) {
        co_await pause.wait();
        written_ = std::chrono::steady_clock::now();
    }
    const auto deadline = written_ + owed_->longest;
    if (std::chrono::steady_clock::now() >= deadline) co_return;
    const auto before = executed_;
    executed_ = co_await instructions(calls_);
    const auto wanted = executed_ + owed_->instructions;
    while (executed_ < wanted && std::chrono::steady_clock::now() < deadline) {
        co_await pause.wait();
        const auto last = std::exchange(executed_, co_await instructions(calls_));
        if (executed_ == last && executed_ >= before + owed_->until_idle) co_return;
    }
}

asio::awaitable<void> recorded_typing::type(std::string& text) {
    while (!text.empty()) {
        if (owed_) co_await wait_until_taken();
        const auto piece = text.substr(0, typed_at_once);
        text.erase(0, piece.size());
        error_code end;
        co_await asio::async_write(console_, asio::buffer(piece),
                                   asio::redirect_error(asio::use_awaitable, end));
        if (end) co_return text.clear();
        owed_ = piece.size() < typed_at_once ? until_fetched : until_given;
        written_ = std::chrono::steady_clock::now();
    }
}

}  // namespace qh
