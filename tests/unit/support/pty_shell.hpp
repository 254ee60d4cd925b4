// A real shell on a pseudo terminal, as a guest's serial console would have it: 80 columns, echo
// on.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "machine/shutdown_plan.hpp"

namespace qh::test {

using settings = std::vector<std::string>;  // NAME=value

inline std::filesystem::path program_in_path(const std::string& name) {
    std::istringstream folders(std::getenv("PATH") ? std::getenv("PATH") : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((folder + "/" + name).c_str(), X_OK) == 0) return folder + "/" + name;
    return {};
}

class pty_shell {
  public:
    /// Starts argv[0] with the environment `variables` in `home`.
    pty_shell(const std::vector<std::string>& argv, const settings& variables,
              const std::filesystem::path& home) {
        std::vector<char*> arguments, environment;
        for (const auto& word : argv) arguments.push_back(const_cast<char*>(word.c_str()));
        for (const auto& word : variables) environment.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        environment.push_back(nullptr);
        winsize size{24, 80, 0, 0};
        int fd = -1;
        pid_ = ::forkpty(&fd, nullptr, nullptr, &size);
        if (pid_ == 0) {
            // Tests that run in the background ignore Ctrl-C; a terminal's shell must not.
            ::signal(SIGINT, SIG_DFL);
            ::signal(SIGQUIT, SIG_DFL);
            if (::chdir(home.c_str()) == 0)
                ::execve(arguments[0], arguments.data(), environment.data());
            ::_exit(127);
        }
        fd_ = unique_fd(fd);
        ::fcntl(fd, F_SETFL, O_NONBLOCK);
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }

    pty_shell(const pty_shell&) = delete;
    pty_shell& operator=(const pty_shell&) = delete;

    ~pty_shell() {
        if (pid_ <= 0) return;
        for (const int pid : processes_of_session()) ::kill(pid, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    void type(std::string_view bytes) { queue_ += bytes; }

    /// Waits until `until` for output, typing meanwhile; what came, empty where nothing did.
    std::string exchange(time_point until) {
        pollfd ready{fd_.get(), static_cast<short>(queue_.empty() ? POLLIN : POLLIN | POLLOUT), 0};
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (::poll(&ready, 1, static_cast<int>(std::max<long>(0, left.count()))) <= 0) return {};
        if (ready.revents & POLLOUT) {
            const auto written = ::write(fd_.get(), queue_.data(), queue_.size());
            if (written > 0) queue_.erase(0, static_cast<std::size_t>(written));
        }
        std::array<char, 4096> buffer;
        const auto got = ::read(fd_.get(), buffer.data(), buffer.size());
        if (got <= 0) return {};
        seen_.append(buffer.data(), static_cast<std::size_t>(got));
        return {buffer.data(), static_cast<std::size_t>(got)};
    }

    /// All that has come so far.
    const std::string& seen() const { return seen_; }

  private:
    std::vector<int> processes_of_session() const {
        std::vector<int> found;
        for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
            const int pid = std::atoi(entry.path().filename().c_str());
            if (pid > 0 && ::getsid(pid) == pid_) found.push_back(pid);
        }
        return found;
    }

    unique_fd fd_;
    pid_t pid_ = -1;
    std::string queue_, seen_;
};

}  // namespace qh::test
