#include "process/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "process/die_with_parent.hpp"
#include "process/tool_path.hpp"

namespace qh {

namespace asio = boost::asio;
namespace process = boost::process::v2;

namespace {

/// Keeps a terminal's Ctrl-C from reaching the child: ending it in good order is our work.
struct own_process_group {
    process::error_code on_exec_setup(process::posix::default_launcher&,
                                      const process::filesystem::path&, const char* const*) const {
        ::setpgid(0, 0);
        return {};
    }
};

/// Hands descriptors down under their own numbers.
struct inherit {
    const std::vector<int>& fds;

    process::error_code on_setup(process::posix::default_launcher& launcher,
                                 const process::filesystem::path&, const char* const*) const {
        launcher.fd_whitelist.insert(launcher.fd_whitelist.end(), fds.begin(), fds.end());
        return {};
    }

    process::error_code on_exec_setup(process::posix::default_launcher&,
                                      const process::filesystem::path&, const char* const*) const {
        for (const int fd : fds) ::fcntl(fd, F_SETFD, 0);
        return {};
    }
};

std::filesystem::path startable(const std::string& name) {
    auto path = require_tool(name, "qemu-system-riscv");
    if (::access(path.c_str(), X_OK) != 0)
        throw infrastructure_error("cannot start {}: {}", path.string(), system_message(errno));
    return path;
}

std::filesystem::path proc_folder(int pid) {
    return fmt::format("/proc/{}", pid);
}

}  // namespace

struct child::implementation {
    process::process process;
    asio::posix::stream_descriptor ended;
    process_usage final_usage;
    bool reaped = false;
};

child::child(asio::any_io_executor executor, const std::vector<std::string>& argv,
             const std::vector<int>& fds, int output_fd) {
    const auto program = startable(argv.at(0));
    std::fflush(nullptr);  // a failed exec flushes our buffers a second time
    process::posix::default_launcher launcher;
    process::error_code failure;
    auto started =
        launcher(executor, failure, program, std::vector<std::string>(argv.begin() + 1, argv.end()),
                 die_with_parent{}, own_process_group{},
                 process::process_stdio{nullptr, output_fd, output_fd}, inherit{fds});
    if (failure)
        throw infrastructure_error("cannot start {}: {}", program.string(), failure.message());
    const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, started.id(), 0));
    if (pidfd < 0)
        throw infrastructure_error("cannot watch {}: {}", program.string(), system_message(errno));
    self_ = std::make_unique<implementation>(implementation{
        std::move(started), asio::posix::stream_descriptor(executor, pidfd), {}, false});
}

child::~child() = default;

int child::pid() const {
    return self_->process.id();
}

void child::signal(int number) {
    if (!self_->reaped) ::kill(pid(), number);
}

asio::awaitable<exit_status> child::wait() {
    co_await self_->ended.async_wait(asio::posix::stream_descriptor::wait_read,
                                     asio::use_awaitable);
    self_->final_usage = read_usage(proc_folder(pid()));
    self_->process.wait();
    self_->reaped = true;
    const int status = self_->process.native_exit_code();
    if (WIFSIGNALED(status)) co_return exit_status{true, WTERMSIG(status)};
    co_return exit_status{false, WEXITSTATUS(status)};
}

process_usage child::usage() const {
    return self_->reaped ? self_->final_usage : read_usage(proc_folder(pid()));
}

std::string exit_status::text() const {
    if (!signalled) return fmt::format("exited with status {}", code);
    return fmt::format("was killed by signal {} ({})", code, ::strsignal(code));
}

}  // namespace qh
