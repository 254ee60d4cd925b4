// A web server on this host, for tests to have fail as servers do.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <string>
#include <thread>

namespace qh::test {

/// Answers one request a connection, as `answer` says, until it is told to end.
class web_server {
  public:
    using request = boost::beast::http::request<boost::beast::http::string_body>;
    /// The status line, headers and as much of the body as is sent before the connection ends.
    using answer = std::function<std::string(const request&)>;

    explicit web_server(answer answer) : answer_(std::move(answer)) {}
    ~web_server() {
        ending_ = true;
        boost::asio::io_context poke;
        boost::asio::ip::tcp::socket(poke).connect(acceptor_.local_endpoint());
        thread_.join();
    }

    std::string address() const {
        return fmt::format("http://127.0.0.1:{}/base.tar", acceptor_.local_endpoint().port());
    }

  private:
    void serve() {
        while (true) {
            auto socket = acceptor_.accept();
            if (ending_) return;
            boost::beast::flat_buffer buffer;
            request asked;
            boost::system::error_code failed;
            boost::beast::http::read(socket, buffer, asked, failed);
            if (!failed) boost::asio::write(socket, boost::asio::buffer(answer_(asked)), failed);
        }
    }

    answer answer_;
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_{context_,
                                             {boost::asio::ip::address_v4::loopback(), 0}};
    std::atomic<bool> ending_ = false;
    std::thread thread_{[this] { serve(); }};
};

/// An answer that is complete.
inline std::string all_of(const std::string& content) {
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                       content.size(), content);
}

}  // namespace qh::test
