// A shell on the guest's second console, started from the first one's.
#pragma once

#include "run/guest/command_channel.hpp"

namespace qh {

/// Starts an interactive shell of the same kind on /dev/hvc1, in a session and with a controlling
/// terminal of its own, so that Ctrl-C works there. It has the environment of the shell that is
/// asked. Status 0 says that it was started; else the output says why it cannot be.
channel_request start_second_shell();

/// Kills what that shell (process `pid`) runs in the foreground; where the shell itself is gone or
/// stuck, starts another, which `started_another` then tells.
channel_request free_second_shell(int pid);
bool started_another(const channel_result& result);

}  // namespace qh
