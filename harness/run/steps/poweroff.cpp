#include "run/steps/running_steps.hpp"
#include "run/steps/shell_command.hpp"

namespace qh {
namespace {

/// Passes when the machine ends, which the engine hears.
class running_poweroff final : public command_in_shell {
  public:
    void begin(guest& on) override {
        on.execute("sync; poweroff -f 2>/dev/null || poweroff || [ $? -gt 128 ] || halt -p");
    }

    std::optional<step_end> advance(guest& on) override {
        if (auto end = shell_problem(on)) return end;
        return refusal(on, "power off");
    }
};

}  // namespace

running_step_ptr make_running(const step&, const poweroff_step&) {
    return std::make_unique<running_poweroff>();
}

}  // namespace qh
