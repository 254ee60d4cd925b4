#include "run/steps/running_steps.hpp"
#include "run/steps/shell_arrival.hpp"
#include "run/steps/shell_command.hpp"

namespace qh {
namespace {

/// First the guest is told; from the machine's reset on, it is a boot like any other.
class running_reboot final : public running_step {
  public:
    explicit running_reboot(boot_state until) : until_(until) {}

    void begin(guest& on) override {
        on.console.expect_reboot();
        on.execute("sync; reboot || [ $? -gt 128 ] || reboot -f");
    }

    std::optional<step_end> advance(guest& on) override {
        if (was_reset_) return boot_to(until_, on);
        if (auto end = shell_problem(on)) return end;
        return refusal(on, "reboot");
    }

    bool on_reset() override { return !std::exchange(was_reset_, true); }

    std::optional<time_point> deadline(const guest& on) const override {
        return was_reset_ ? boot_deadline(until_, on) : std::optional<time_point>();
    }

    step_end out_of_time(run_outcome run, std::string reason, guest& on) override {
        reason = was_reset_ ? boot_so_far(reason, on) : "the guest did not reset: " + reason;
        return step_end::failed(run, std::move(reason), interrupt_command(on));
    }

  private:
    boot_state until_;
    bool was_reset_ = false;
};

}  // namespace

running_step_ptr make_running(const step&, const reboot_step& action) {
    return std::make_unique<running_reboot>(action.until);
}

}  // namespace qh
