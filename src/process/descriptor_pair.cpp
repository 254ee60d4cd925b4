#include "process/descriptor_pair.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"

namespace qh {

descriptor_pair make_socket_pair() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
        throw infrastructure_error("cannot make a socket pair: {}", system_message(errno));
    return {unique_fd(fds[0]), unique_fd(fds[1])};
}

descriptor_pair make_pipe() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0)
        throw infrastructure_error("cannot make a pipe: {}", system_message(errno));
    return {unique_fd(fds[0]), unique_fd(fds[1])};
}

}  // namespace qh
