// The verdict: what the console, QMP and QEMU's exit status say together.
#pragma once

#include <optional>
#include <string>

#include "console/failure_watch.hpp"
#include "process/child.hpp"
#include "scenario/outcome.hpp"

namespace qh {

/// The step that decided the run, if one did.
struct deciding_step {
    std::string name;
    run_outcome outcome;
    std::string reason;
};

/// All that is known of a run when its machine has ended. None of it alone is a verdict: QEMU
/// exits with 0 after a panic under `panic=-1`, and a console can be silent.
struct evidence {
    std::optional<failure> fatal_failure;      ///< from the console
    std::string fatal_site;                    ///< the function it happened in, where known
    std::string host_excuse;                   ///< why that may be the host's fault, else empty
    std::string explanation;                   ///< of a SIGILL that killed process 1
    std::optional<deciding_step> failed_step;  ///< the first, or the one that lost the machine
    std::string step_in_progress;              ///< when the machine ended, else empty
    std::string shutdown_reason;               ///< QMP's SHUTDOWN event, empty without one
    std::optional<exit_status> qemu;           ///< none: it never started
    bool ended_by_us = false;                  ///< QMP quit or a signal of ours
    bool poweroff_expected = false;            ///< the guest had been told to power off
    bool interrupted = false;
};

struct verdict {
    run_outcome outcome;
    std::string reason;           ///< empty when passed
    bool of_failed_step = false;  ///< decided by `evidence::failed_step`
};

/// A fatal failure on the console outweighs all else, then an interruption, then a machine that
/// ended while steps were left, then the failed step, then the end after the last step.
verdict judge(const evidence& evidence);

/// " (before that, step …)", or nothing where there is no such step.
std::string before_that(const std::optional<deciding_step>& earlier);

}  // namespace qh
