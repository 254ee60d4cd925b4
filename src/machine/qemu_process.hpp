// A started QEMU and our ends of the lines to it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>
#include <string>
#include <vector>

#include "machine/machine_spec.hpp"
#include "process/child.hpp"

namespace qh {

/// Our end of one of QEMU's sockets, and what is still to be written to it.
struct qemu_line {
    explicit qemu_line(boost::asio::any_io_executor executor) : socket(std::move(executor)) {}

    /// Writes the queue until it is empty; what a dead QEMU does not take is dropped.
    boost::asio::awaitable<void> write_out();

    boost::asio::local::stream_protocol::socket socket;
    std::string queue;
    bool writing = false;
};

struct qemu_process {
    explicit qemu_process(const boost::asio::any_io_executor& executor);

    /// Throws an infrastructure error where the program cannot be started.
    void start(const machine_spec& spec);

    /// Whether QEMU has said something that was not read yet.
    bool has_unread();

    /// What is still read of them ends.
    void close();

    qemu_line console, qmp, channel;
    boost::asio::local::stream_protocol::socket stub;  ///< gdb's, where the guest is restored
    boost::asio::posix::stream_descriptor errors;
    std::vector<std::string> arguments;  ///< the command line
    std::optional<child> process;        ///< none before it is started
};

}  // namespace qh
