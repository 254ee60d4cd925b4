#include "child_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh::integration {

namespace {

struct pipe_ends {
    unique_fd read, write;
};

pipe_ends make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0)
        throw infrastructure_error("cannot make a pipe: {}", system_message(errno));
    return {unique_fd(fds[0]), unique_fd(fds[1])};
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environment_with(std::map<std::string, std::string> variables) {
    for (char** entry = environ; *entry; ++entry) {
        const std::string text = *entry;
        const auto equals = text.find('=');
        variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    std::vector<std::string> result;
    for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
    return result;
}

int milliseconds_until(std::chrono::steady_clock::time_point when) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        when - std::chrono::steady_clock::now());
    return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

/// Appends what there is to read; closes `fd` at its end.
void take(unique_fd& fd, std::string& text) {
    std::array<char, 1 << 16> buffer;
    const auto got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got > 0)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    else if (got == 0 || errno != EINTR)
        fd.reset();
}

bool is_zombie(int pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    std::getline(file, line);
    const auto after_name = line.rfind(") ");
    return after_name == std::string::npos || line[after_name + 2] == 'Z';
}

}  // namespace

child_program::child_program(const std::vector<std::string>& argv,
                             const std::filesystem::path& folder,
                             const std::map<std::string, std::string>& variables,
                             std::chrono::minutes time_limit)
    : deadline_(std::chrono::steady_clock::now() + time_limit) {
    auto input = make_pipe(), output = make_pipe(), errors = make_pipe();
    const auto environment = environment_with(variables);
    const auto arguments = pointers(argv), settings = pointers(environment);
    pid_ = ::fork();
    if (pid_ < 0) throw infrastructure_error("cannot fork: {}", system_message(errno));
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(input.read.get(), STDIN_FILENO);
        ::dup2(output.write.get(), STDOUT_FILENO);
        ::dup2(errors.write.get(), STDERR_FILENO);
        // Tests may run under nohup.
        ::signal(SIGHUP, SIG_DFL);
        if (::chdir(folder.c_str()) == 0) ::execve(arguments[0], arguments.data(), settings.data());
        ::_exit(127);
    }
    input_ = std::move(input.write);
    output_ = std::move(output.read);
    errors_ = std::move(errors.read);
}

child_program::~child_program() {
    if (reaped_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void child_program::signal(int number) const {
    ::kill(pid_, number);
}

void child_program::type(std::string_view text) const {
    write_all(input_.get(), text, "the program's standard input");
}

void child_program::wait_for_output(std::string_view text) {
    while (output_text_.find(text) == std::string::npos)
        if (!read_some()) give_up(fmt::format("it ended without printing \"{}\"", text));
}

void child_program::wait_for_errors(std::string_view text) {
    while (errors_text_.find(text) == std::string::npos)
        if (!read_some()) give_up(fmt::format("it ended without saying \"{}\"", text));
}

program_end child_program::finish() {
    input_.reset();
    while (read_some()) {
    }
    // Both pipes are closed; only a program that closed them itself could still run.
    if (!wait_until_gone(pid_)) give_up("it closed its output and did not end");
    int status = 0;
    ::waitpid(pid_, &status, 0);
    reaped_ = true;
    const auto ended = WIFSIGNALED(status) ? exit_status{true, WTERMSIG(status)}
                                           : exit_status{false, WEXITSTATUS(status)};
    return {ended, output_text_, errors_text_};
}

/// False once both pipes have come to their end.
bool child_program::read_some() {
    if (!output_ && !errors_) return false;
    std::array<pollfd, 2> watched = {{{output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}}};
    const int ready = ::poll(watched.data(), watched.size(), milliseconds_until(deadline_));
    if (ready == 0) give_up("its time is up");
    if (watched[0].revents) take(output_, output_text_);
    if (watched[1].revents) take(errors_, errors_text_);
    return true;
}

void child_program::give_up(const std::string& what) {
    throw infrastructure_error("{}; standard output:\n{}\nstandard error:\n{}", what,
                               printable(output_text_), printable(errors_text_));
}

program_end run_program(const std::vector<std::string>& argv, const std::filesystem::path& folder,
                        const std::map<std::string, std::string>& variables,
                        std::chrono::minutes time_limit) {
    return child_program(argv, folder, variables, time_limit).finish();
}

bool wait_until_gone(int pid) {
    const unique_fd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!process) return true;
    pollfd watched = {process.get(), POLLIN, 0};
    const auto end = std::chrono::steady_clock::now() + longest_test;
    return ::poll(&watched, 1, milliseconds_until(end)) == 1 || is_zombie(pid);
}

}  // namespace qh::integration
