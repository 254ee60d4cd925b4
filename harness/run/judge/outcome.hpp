// How a step and a run can end.
#pragma once

#include <optional>
#include <string_view>

#include "base/enum_names.hpp"

namespace qh {

enum class step_outcome { passed, failed, timed_out, skipped, not_run };
BOOST_DESCRIBE_ENUM(step_outcome, passed, failed, timed_out, skipped, not_run)

enum class run_outcome {
    passed,
    failed,       ///< a check was false
    timed_out,    ///< out of time while making progress
    hung,         ///< out of time, silent and idle
    panicked,     ///< the kernel
    crashed,      ///< a user-space program, by a signal
    reset,        ///< the guest rebooted unasked
    infra_error,  ///< QEMU, the image or the host
    interrupted,
};
BOOST_DESCRIBE_ENUM(run_outcome, passed, failed, timed_out, hung, panicked, crashed, reset,
                    infra_error, interrupted)

std::string_view name_of(step_outcome outcome);
std::string_view name_of(run_outcome outcome);

/// None where no outcome has that name.
std::optional<run_outcome> outcome_named(std::string_view name);

/// The process's exit code for a run that ended so.
int exit_code(run_outcome outcome);

}  // namespace qh
