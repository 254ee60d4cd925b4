// A stream of QEMU's, read until it ends.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string_view>

namespace qh {

/// Tells `take` of each piece that comes until the stream ends, also by being closed here.
template <class stream, class taker>
boost::asio::awaitable<void> read_to_end(stream& from, taker take) {
    std::array<char, 1 << 14> buffer;
    for (;;) {
        boost::system::error_code end;
        const auto got = co_await from.async_read_some(
            boost::asio::buffer(buffer),
            boost::asio::redirect_error(boost::asio::use_awaitable, end));
        if (end) co_return;
        take(std::string_view(buffer.data(), got));
    }
}

}  // namespace qh
