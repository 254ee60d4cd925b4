#include "terminal_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/error.hpp"
#include "base/text.hpp"
#include "child_program.hpp"

namespace qh::integration {

terminal_program::terminal_program(const std::vector<std::string>& argv,
                                   const std::filesystem::path& folder,
                                   const std::map<std::string, std::string>& variables)
    : deadline_(std::chrono::steady_clock::now() + longest_test) {
    std::vector<char*> arguments;
    for (const auto& word : argv) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    winsize size{24, 200, 0, 0};
    int fd = -1;
    pid_ = ::forkpty(&fd, nullptr, nullptr, &size);
    if (pid_ < 0) throw infrastructure_error("cannot fork: {}", system_message(errno));
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (const int number : {SIGINT, SIGQUIT, SIGHUP}) ::signal(number, SIG_DFL);
        for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
        if (::chdir(folder.c_str()) == 0) ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    fd_ = unique_fd(fd);
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

terminal_program::~terminal_program() {
    if (reaped_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void terminal_program::type(std::string_view bytes) const {
    write_all(fd_.get(), bytes, "the terminal");
}

void terminal_program::signal(int number) const {
    ::kill(pid_, number);
}

void terminal_program::wait_for(std::string_view text) {
    for (;;) {
        const auto at = seen_.find(text, waited_);
        if (at != std::string::npos) {
            waited_ = at + text.size();
            return;
        }
        if (!read_some())
            throw infrastructure_error("\"{}\" did not come:\n{}", text, printable(seen_));
    }
}

bool terminal_program::is_raw() const {
    termios settings{};
    ::tcgetattr(fd_.get(), &settings);
    return (settings.c_lflag & (ICANON | ECHO | ISIG)) == 0 && (settings.c_oflag & OPOST) == 0;
}

exit_status terminal_program::finish() {
    while (read_some()) {
    }
    if (!wait_until_gone(pid_))
        throw infrastructure_error("it closed its terminal and did not end");
    int status = 0;
    ::waitpid(pid_, &status, 0);
    reaped_ = true;
    return WIFSIGNALED(status) ? exit_status{true, WTERMSIG(status)}
                               : exit_status{false, WEXITSTATUS(status)};
}

/// False once nobody has the terminal open any more.
bool terminal_program::read_some() {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline_ - std::chrono::steady_clock::now());
    pollfd watched = {fd_.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) == 0)
        throw infrastructure_error("its time is up:\n{}", printable(seen_));
    std::array<char, 1 << 16> buffer;
    const auto got = ::read(fd_.get(), buffer.data(), buffer.size());
    if (got > 0) seen_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EINTR);
}

}  // namespace qh::integration
