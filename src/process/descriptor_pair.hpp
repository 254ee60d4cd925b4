// Connected descriptors: one end for us, the other for a child.
#pragma once

#include "base/files.hpp"

namespace qh {

/// Both ends are closed on exec; `child` hands its own on all the same.
struct descriptor_pair {
    unique_fd ours, theirs;
};

/// Two connected stream sockets. Throws an infrastructure error.
descriptor_pair make_socket_pair();

/// A pipe that the child writes to. Throws an infrastructure error.
descriptor_pair make_pipe();

}  // namespace qh
