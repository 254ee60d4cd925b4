// A launcher's hook that keeps a child from outliving the process that started it.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <boost/process/v2/posix/default_launcher.hpp>

namespace qh {

/// Asks the kernel, between fork and exec, to kill the child with SIGKILL when its parent ends.
/// Without it a killed qharness would leave QEMU or mke2fs at work.
struct die_with_parent {
    pid_t parent = ::getpid();

    boost::process::v2::error_code on_exec_setup(boost::process::v2::posix::default_launcher&,
                                                 const boost::process::v2::filesystem::path&,
                                                 const char* const*) const {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        // A parent that ended before prctl sends no signal.
        if (::getppid() != parent) ::_exit(127);
        return {};
    }
};

}  // namespace qh
