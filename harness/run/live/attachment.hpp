// The terminal as the guest's console, until the person leaves it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "process/raw_terminal.hpp"
#include "run/engine.hpp"
#include "run/live/handover.hpp"

namespace qh {

/// Joins the terminal on standard input with a machine's console. Leaving is Ctrl-], or Ctrl-^ to
/// have the scenario go on.
class attachment {
  public:
    /// `machine` must outlive this.
    attachment(boost::asio::any_io_executor executor, machine_port& machine, bool may_go_on);

    /// Brings `shell`, if there is one, to its prompt, calls `attached`, and carries keys to the
    /// console until the person leaves or `end` is called. The terminal is then as it was.
    boost::asio::awaitable<void> run(guest_shell* shell, std::function<void()> attached);

    /// What the machine has printed.
    void on_console(std::string_view bytes);
    void on_channel(std::string_view bytes);

    /// Gives the terminal back at once. `why` tells the record how it ended.
    void end(const std::string& why);

    /// How it ended; empty until then.
    const std::string& ending() const { return ending_; }
    bool wants_to_go_on() const { return ending_ == go_on_ending; }

  private:
    static constexpr const char* go_on_ending = "Ctrl-^";

    boost::asio::awaitable<void> hand_over(guest_shell& shell);
    boost::asio::awaitable<void> carry_keys();

    machine_port& machine_;
    bool may_go_on_;
    boost::asio::steady_timer timer_;
    boost::asio::posix::stream_descriptor keys_;
    std::optional<handover> handover_;
    std::optional<raw_terminal> terminal_;
    std::string ending_;
};

}  // namespace qh
