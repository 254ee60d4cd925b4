#include "run/guest/time_budget.hpp"
#include "run/steps/running_steps.hpp"

namespace qh {
namespace {

/// What the host kept QEMU waiting is none of the guest's time.
class running_wait final : public running_step {
  public:
    explicit running_wait(Duration time) : time_(time) {}

    void begin(guest& on) override { rest_ = {time_, on.now, on.host_delay.total()}; }

    std::optional<step_end> advance(guest& on) override {
        if (on.now < *deadline(on)) return std::nullopt;
        return step_end::passed();
    }

    std::optional<time_point> deadline(const guest& on) const override {
        return rest_.deadline(on.host_delay.total());
    }

  private:
    Duration time_;
    time_budget rest_;
};

}  // namespace

running_step_ptr make_running(const step&, const wait_step& action) {
    return std::make_unique<running_wait>(action.time);
}

}  // namespace qh
