// Typing to a guest that QEMU records.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "machine/qmp_calls.hpp"

namespace qh {

/// QEMU gives recorded input to the UART whether that has room for it or not; this waits until it
/// has.
class recorded_typing {
  public:
    /// Both must outlive this.
    recorded_typing(boost::asio::local::stream_protocol::socket& console, qmp_calls& calls)
        : console_(console), calls_(calls) {}

    /// Writes `text`, which may grow meanwhile, to QEMU until it is empty; not to be called before
    /// the last call has ended. What a dead QEMU does not take is dropped. Throws what `calls`
    /// does.
    boost::asio::awaitable<void> type(std::string& text);

  private:
    /// What the guest is to execute meanwhile, or before it is found idle, and how long it may take
    /// for that.
    struct patience {
        std::uint64_t instructions, until_idle;
        std::chrono::microseconds first_pause, longest;
    };
    static const patience until_given, until_fetched;

    boost::asio::awaitable<void> wait_until_taken();

    boost::asio::local::stream_protocol::socket& console_;
    qmp_calls& calls_;
    /// What the last piece must be given before the next one. Not before: a QEMU that is asked
    /// something in the moment in which it ends may never end.
    std::optional<patience> owed_;
    std::chrono::steady_clock::time_point written_;
    std::uint64_t executed_ = 0;  ///< when it was written, or a little less
};

}  // namespace qh
