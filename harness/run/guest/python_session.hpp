// One Python interpreter in the guest that lives across steps, so that `import torch` is paid once.
#pragma once

#include <string>

#include "run/guest/command_channel.hpp"

namespace qh {

/// Turns snippets into channel requests. The interpreter runs beside the shell, is told of each
/// snippet through a FIFO and answers through another; what it prints goes to the console, and so
/// into the request's output. When it dies, a signal included, its status is the answer.
class python_session {
  public:
    bool started() const { return started_; }

    /// Starts the interpreter.
    channel_request start_request() const;

    /// Reads the answer to `start_request`: empty on success, else why there is no interpreter.
    std::string on_started(const channel_result& result);

    /// Executes one snippet; status 1 and the traceback on an exception, SystemExit's own status.
    channel_request snippet_request(std::string code);

    /// Reads a snippet's result: where the interpreter died of it, the status becomes the shell's
    /// for that (132 after SIGILL), and the next snippet must start a new interpreter.
    void on_finished(channel_result& result);

    /// The interpreter is gone or stuck: the next snippet must start a new one.
    void forget() { started_ = false; }

  private:
    bool started_ = false;
    unsigned snippets_ = 0;
};

}  // namespace qh
