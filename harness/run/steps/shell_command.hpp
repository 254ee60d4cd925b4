// What steps that have the guest's shell execute commands share.
#pragma once

#include <optional>

#include "run/steps/running_step.hpp"

namespace qh {

/// An end where the shell cannot be used as the scenario asks; nothing where it can.
std::optional<step_end> shell_problem(const guest& on);

/// Ends the command in progress; returns what it has printed so far, for the record.
json interrupt_command(guest& on);

/// An end where a command that was to end the guest, or to restart it, was refused. `what` the
/// guest cannot do: "power off".
std::optional<step_end> refusal(guest& on, std::string_view what);

/// A step whose command is interrupted when it is out of time.
class command_in_shell : public running_step {
  public:
    step_end out_of_time(run_outcome run, std::string reason, guest& on) override {
        return step_end::failed(run, std::move(reason), interrupt_command(on));
    }
};

}  // namespace qh
