#include "machine/qmp_calls.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {

namespace asio = boost::asio;

namespace {

/// QEMU answers at once, but on a loaded host not before it has built the machine.
constexpr auto answer_timeout = std::chrono::seconds(60);

}  // namespace

struct qmp_calls::waiting {
    explicit waiting(const asio::any_io_executor& executor) : timer(executor, answer_timeout) {}
    asio::steady_timer timer;
    std::optional<qmp_message> answer;
};

qmp_calls::qmp_calls(asio::any_io_executor executor, sender send)
    : executor_(std::move(executor)), send_(std::move(send)) {}

qmp_calls::~qmp_calls() = default;

asio::awaitable<json> qmp_calls::call(std::string command, json arguments) {
    if (closed_) throw infrastructure_error("QEMU did not answer to {}", command);
    const auto id = send_(command, arguments);
    const auto waiter = std::make_shared<waiting>(executor_);
    waiting_[id] = waiter;
    boost::system::error_code woken;
    co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    waiting_.erase(id);
    if (!waiter->answer) throw infrastructure_error("QEMU did not answer to {}", command);
    if (waiter->answer->kind == qmp_message::kind::failure)
        throw infrastructure_error("QEMU refused {}: {}", command, printable(waiter->answer->text));
    co_return waiter->answer->data;
}

bool qmp_calls::take(const qmp_message& message) {
    using kind = enum qmp_message::kind;
    if (message.kind != kind::reply && message.kind != kind::failure) return false;
    const auto found = waiting_.find(message.id);
    if (found == waiting_.end()) return false;
    found->second->answer = message;
    found->second->timer.cancel();
    return true;
}

void qmp_calls::close() {
    closed_ = true;
    for (auto& [id, waiter] : waiting_) waiter->timer.cancel();
}

}  // namespace qh
