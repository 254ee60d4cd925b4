#include "run/live/attachment.hpp"

#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace qh {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr char leave_key = 0x1d, go_on_key = 0x1e;  // Ctrl-] and Ctrl-^

time_point now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

attachment::attachment(asio::any_io_executor executor, machine_port& machine, bool may_go_on)
    : machine_(machine), may_go_on_(may_go_on), timer_(executor), keys_(executor) {}

asio::awaitable<void> attachment::run(guest_shell* shell, std::function<void()> attached) {
    if (shell) co_await hand_over(*shell);
    if (!ending_.empty()) co_return;
    attached();
    terminal_.emplace();
    const bool at_prompt = handover_ && handover_->at_prompt();
    handover_.reset();
    if (at_prompt) machine_.send_console("\r");
    co_await carry_keys();
}

asio::awaitable<void> attachment::hand_over(guest_shell& shell) {
    handover_.emplace(shell, now());
    while (ending_.empty()) {
        if (const auto typing = handover_->take_typing(); !typing.empty())
            machine_.send_console(typing);
        if (const auto typing = handover_->take_channel_typing(); !typing.empty())
            machine_.send_channel(typing);
        if (handover_->over(now())) co_return;
        timer_.expires_at(handover_->deadline());
        error_code woken;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (!woken) handover_->tick(now());
    }
}

asio::awaitable<void> attachment::carry_keys() {
    keys_.assign(::dup(terminal_->descriptor()));
    while (ending_.empty()) {
        error_code cancelled;
        co_await keys_.async_wait(asio::posix::stream_descriptor::wait_read,
                                  asio::redirect_error(asio::use_awaitable, cancelled));
        if (!ending_.empty()) co_return;
        const auto typed = terminal_->read();
        if (!typed) co_return end("the terminal was closed");
        const auto go_on = may_go_on_ ? typed->find(go_on_key) : std::string::npos;
        const auto last = std::min(typed->find(leave_key), go_on);
        if (const auto keys = typed->substr(0, last); !keys.empty()) machine_.send_console(keys);
        if (last != std::string::npos) co_return end(last == go_on ? go_on_ending : "Ctrl-]");
    }
}

void attachment::on_console(std::string_view bytes) {
    if (terminal_) return terminal_->write(bytes);
    if (!handover_) return;
    handover_->feed(bytes, now());
    timer_.cancel();
}

void attachment::on_channel(std::string_view bytes) {
    if (!handover_) return;
    handover_->feed_channel(bytes, now());
    timer_.cancel();
}

void attachment::end(const std::string& why) {
    if (ending_.empty()) ending_ = why;
    timer_.cancel();
    keys_.close();
    terminal_.reset();
}

}  // namespace qh
