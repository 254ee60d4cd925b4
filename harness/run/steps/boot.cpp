#include "run/steps/running_steps.hpp"
#include "run/steps/shell_arrival.hpp"

namespace qh {
namespace {

class running_boot final : public running_step {
  public:
    explicit running_boot(boot_state until) : until_(until) {}

    std::optional<step_end> advance(guest& on) override { return boot_to(until_, on); }

    std::optional<time_point> deadline(const guest& on) const override {
        return boot_deadline(until_, on);
    }

    step_end out_of_time(run_outcome run, std::string reason, guest& on) override {
        return step_end::failed(run, boot_so_far(reason, on));
    }

  private:
    boot_state until_;
};

}  // namespace

running_step_ptr make_running(const step&, const boot_step& action) {
    return std::make_unique<running_boot>(action.until);
}

}  // namespace qh
