#include "machine/qemu_process.hpp"

#include <sys/ioctl.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/error.hpp"
#include "machine/machine_refusal.hpp"
#include "process/descriptor_pair.hpp"

namespace qh {

namespace asio = boost::asio;

asio::awaitable<void> qemu_line::write_out() {
    while (!queue.empty()) {
        const std::string chunk = std::exchange(queue, {});
        boost::system::error_code end;
        co_await asio::async_write(socket, asio::buffer(chunk),
                                   asio::redirect_error(asio::use_awaitable, end));
        if (end) break;
    }
    writing = false;
}

qemu_process::qemu_process(const asio::any_io_executor& executor)
    : console(executor), qmp(executor), channel(executor), stub(executor), errors(executor) {}

void qemu_process::start(const machine_spec& spec) {
    auto console_pair = make_socket_pair();
    auto qmp_pair = make_socket_pair();
    auto channel_pair = make_socket_pair();
    auto error_pipe = make_pipe();
    auto stub_pair = make_socket_pair();
    const machine_channels theirs{console_pair.theirs.get(), qmp_pair.theirs.get(),
                                  channel_pair.theirs.get(), stub_pair.theirs.get()};
    arguments = qemu_arguments(spec, theirs);
    std::vector<int> inherited = {theirs.console, theirs.qmp};
    if (spec.channel) inherited.push_back(theirs.channel);
    if (!spec.incoming.empty()) inherited.push_back(theirs.gdb);
    try {
        process.emplace(errors.get_executor(), arguments, inherited, error_pipe.theirs.get());
    } catch (const error& e) {
        throw machine_refusal(fmt::format(
            "{}\n(QEMU comes with the package qemu-system-riscv, on Ubuntu qemu-system-misc; "
            "another one is chosen with --qemu)",
            e.what()));
    }
    const asio::local::stream_protocol protocol;
    console.socket.assign(protocol, console_pair.ours.release());
    qmp.socket.assign(protocol, qmp_pair.ours.release());
    channel.socket.assign(protocol, channel_pair.ours.release());
    stub.assign(protocol, stub_pair.ours.release());
    errors.assign(error_pipe.ours.release());
}

bool qemu_process::has_unread() {
    const auto unread = [](int fd) {
        int bytes = 0;
        return ::ioctl(fd, FIONREAD, &bytes) == 0 && bytes > 0;
    };
    return unread(console.socket.native_handle()) || unread(qmp.socket.native_handle()) ||
           unread(channel.socket.native_handle()) || unread(errors.native_handle());
}

void qemu_process::close() {
    for (auto* const line : {&console, &qmp, &channel}) line->socket.close();
    errors.close();
}

}  // namespace qh
