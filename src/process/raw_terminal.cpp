#include "process/raw_terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/error.hpp"

namespace qh {
namespace {

constexpr int longest_wait_ms = 1000;

/// Plain text, the usual character set, cursor shown, no bracketed paste, no mouse reports, the
/// normal screen, and a new line.
constexpr std::string_view as_usual =
    "\x1b[0m\x0f\x1b(B\x1b[?25h\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l"
    "\x1b[?1047l\r\n";

}  // namespace

bool has_terminal() {
    return ::isatty(STDIN_FILENO) == 1;
}

raw_terminal::raw_terminal() {
    // Opened anew: not blocking is a mark of the open file, which others share on descriptor 0.
    fd_ = unique_fd(::open("/proc/self/fd/0", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!fd_ || ::tcgetattr(fd_.get(), &before_) != 0)
        throw usage_error("standard input is no terminal that can be written to: {}",
                          system_message(errno));
    termios raw = before_;
    ::cfmakeraw(&raw);
    ::tcsetattr(fd_.get(), TCSANOW, &raw);
}

raw_terminal::~raw_terminal() {
    write(as_usual);
    ::tcsetattr(fd_.get(), TCSANOW, &before_);
}

std::optional<std::string> raw_terminal::read() {
    std::array<char, 4096> buffer;
    const auto got = ::read(fd_.get(), buffer.data(), buffer.size());
    if (got > 0) return std::string(buffer.data(), static_cast<std::size_t>(got));
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::string();
    return std::nullopt;
}

void raw_terminal::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd_.get(), bytes.data(), bytes.size());
        if (written > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd terminal = {fd_.get(), POLLOUT, 0};
            if (::poll(&terminal, 1, longest_wait_ms) == 0) return;
        } else if (errno != EINTR) {
            return;
        }
    }
}

}  // namespace qh
