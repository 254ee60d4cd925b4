#include "unix_peer.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>

#include "base/error.hpp"

namespace qh::integration {

unix_peer::unix_peer(const std::filesystem::path& socket_path)
    : connection_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{60, 0};
    ::setsockopt(connection_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_un address{AF_UNIX, {}};
    socket_path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(connection_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw infrastructure_error("cannot connect to {}", socket_path.string());
}

std::string unix_peer::ask(std::string_view question, const std::string& whole_answer) const {
    write_all(connection_.get(), question, "a socket");
    std::string answer;
    while (!testing::Matches(testing::ContainsRegex(whole_answer))(answer)) {
        std::array<char, 4096> buffer;
        const auto got = ::read(connection_.get(), buffer.data(), buffer.size());
        if (got <= 0) throw infrastructure_error("no answer to {}, but {}", question, answer);
        answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return answer;
}

std::string registers_from(const unix_peer& stub) {
    const auto answer = stub.ask("$g#67", "\\+\\$.*#..$");
    return answer.substr(2, answer.size() - 5);
}

}  // namespace qh::integration
