#include "machine/rearm_timers.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {

namespace asio = boost::asio;

namespace {

constexpr unsigned csr_fflags = 0x001, csr_stimecmp = 0x14d;  // priv. spec., "CSR Listing"
constexpr std::size_t most_of_an_answer = 1u << 20;
constexpr auto stub_timeout = std::chrono::seconds(10);

/// Requests and answers, one after the other.
class gdb_stub {
  public:
    explicit gdb_stub(asio::local::stream_protocol::socket& socket) : socket_(socket) {}

    asio::awaitable<std::string> ask(std::string request) {
        co_await write(gdb_packet(request));
        for (;;) {
            const auto begin = received_.find('$');
            const auto end =
                begin == std::string::npos ? std::string::npos : received_.find('#', begin);
            if (end != std::string::npos && end + 2 < received_.size()) {
                auto answer = received_.substr(begin + 1, end - begin - 1);
                received_.erase(0, end + 3);
                co_await write("+");
                co_return answer;
            }
            if (received_.size() > most_of_an_answer)
                throw infrastructure_error("QEMU's gdb stub does not end its answer to {}",
                                           request);
            co_await read_more(request);
        }
    }

    /// A whole file of the target's description.
    asio::awaitable<std::string> read(std::string name) {
        std::string content;
        for (;;) {
            const auto part = co_await ask(
                fmt::format("qXfer:features:read:{}:{:x},{:x}", name, content.size(), 2000));
            if (!part.starts_with('m') && !part.starts_with('l'))
                throw infrastructure_error("QEMU's gdb stub has no {}", name);
            content += part.substr(1);
            if (part.starts_with('l')) co_return content;
            if (content.size() > most_of_an_answer)
                throw infrastructure_error("QEMU's gdb stub does not end {}", name);
        }
    }

  private:
    asio::awaitable<void> write(std::string bytes) {
        boost::system::error_code end;
        co_await asio::async_write(socket_, asio::buffer(bytes),
                                   asio::redirect_error(asio::use_awaitable, end));
        if (end) throw infrastructure_error("QEMU's gdb stub does not listen: {}", end.message());
    }

    asio::awaitable<void> read_more(std::string request) {
        asio::steady_timer deadline(socket_.get_executor(), stub_timeout);
        deadline.async_wait([&socket = socket_](const boost::system::error_code& cancelled) {
            if (!cancelled) socket.cancel();
        });
        std::array<char, 4096> buffer;
        boost::system::error_code end;
        const auto got = co_await socket_.async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, end));
        if (end)
            throw infrastructure_error("QEMU's gdb stub did not answer to {}: {}", request,
                                       end.message());
        received_.append(buffer.data(), got);
    }

    asio::local::stream_protocol::socket& socket_;
    std::string received_;
};

void expect_ok(const std::string& answer, const char* what) {
    if (answer != "OK")
        throw infrastructure_error("QEMU's gdb stub refused to {}: {}", what, printable(answer));
}

}  // namespace

std::string gdb_packet(std::string_view content) {
    const unsigned sum =
        std::accumulate(content.begin(), content.end(), 0u,
                        [](unsigned s, char c) { return s + static_cast<unsigned char>(c); });
    return fmt::format("${}#{:02x}", content, sum % 256);
}

unsigned stimecmp_number(std::string_view csr_xml) {
    static const RE2 fflags(R"re(<reg name="fflags"[^>]*regnum="(\d+)")re");
    unsigned number = 0;
    // QEMU lists the CSRs that a CPU begins with, numbered from one base; stimecmp has its
    // number though it is not listed.
    if (!RE2::PartialMatch(re2::StringPiece(csr_xml.data(), csr_xml.size()), fflags, &number))
        throw infrastructure_error("QEMU's gdb stub does not number its CSRs as expected");
    return number - csr_fflags + csr_stimecmp;
}

asio::awaitable<void> rearm_timers(asio::local::stream_protocol::socket& socket, unsigned harts) {
    gdb_stub stub(socket);
    co_await stub.ask("qSupported:xmlRegisters=riscv;multiprocess+;qXfer:features:read+");
    co_await stub.read("target.xml");
    const auto number = stimecmp_number(co_await stub.read("riscv-csr.xml"));
    for (unsigned hart = 1; hart <= harts; ++hart) {
        expect_ok(co_await stub.ask(fmt::format("Hgp1.{:x}", hart)), "choose a hart");
        const auto value = co_await stub.ask(fmt::format("p{:x}", number));
        expect_ok(co_await stub.ask(fmt::format("P{:x}={}", number, value)), "write stimecmp");
    }
}

asio::awaitable<void> leave_stub(asio::local::stream_protocol::socket& socket) {
    gdb_stub stub(socket);
    expect_ok(co_await stub.ask("D;1"), "detach");
}

}  // namespace qh
