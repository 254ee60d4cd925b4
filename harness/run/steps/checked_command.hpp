// A command, a Python snippet or the harness's own questions, and whether the result satisfies the
// step.
#pragma once

#include "run/guest/guest_shell.hpp"
#include "run/judge/measurements.hpp"
#include "run/steps/shell_command.hpp"

namespace qh {

class checked_command : public command_in_shell {
  public:
    /// `request` is executed with the values of its `{{names}}` put in, as often as the step
    /// measures.
    checked_command(const step& step, shell_request request);

    void begin(guest& on) override;
    std::optional<step_end> advance(guest& on) override;
    std::optional<time_point> deadline(const guest&) const override {
        return explanation_deadline_;
    }

  protected:
    /// The command has ended by itself: its output is told, and may change what is recorded of it.
    virtual void on_output(const channel_result&, step_end&, guest&) {}

  private:
    bool may_yet_be_explained(const channel_result& result, guest& on);
    std::optional<step_end> finish(const channel_result& result, guest& on);
    std::optional<step_end> check(const channel_result& result, step_end so_far, guest& on);

    const step& step_;
    const shell_request request_;
    measurement_series measured_;
    std::optional<channel_result> held_result_;  ///< of a command whose SIGILL may be explained yet
    std::optional<time_point> explanation_deadline_;
};

}  // namespace qh
