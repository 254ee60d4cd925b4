#include <fmt/format.h>

#include "run/steps/running_steps.hpp"

namespace qh {
namespace {

/// Guests that go on from one state would all tell the time of its saving, and draw the same random
/// numbers.
std::string wake(const events::warm_point& told) {
    return fmt::format("date -s @{} >/dev/null; echo {} >/dev/urandom", told.epoch_s, told.entropy);
}

class running_warm final : public running_step {
  public:
    void begin(guest& on) override {
        halted_since_ = on.now;
        on.machine.save_warm_point();
    }

    std::optional<step_end> advance(guest& on) override {
        if (!point_ || (waking_ && !on.shell.take_result())) return std::nullopt;
        return step_end::passed({{"warm", *point_}});
    }

    void on_warm_point(const events::warm_point& told, guest& on) override {
        point_ = {{"how", name_of(told.how)}, {"reason", told.reason}};
        halted_since_.reset();
        waking_ = told.how != warm_end::none && on.shell.ready();
        if (waking_) on.execute(wake(told));
    }

    std::optional<time_point> halted_since() const override { return halted_since_; }

    step_end out_of_time(run_outcome, std::string reason, guest&) override {
        return step_end::failed(run_outcome::infra_error,
                                "the guest did not go on from its warm point: " + reason);
    }

  private:
    std::optional<json> point_;  ///< what became of it
    std::optional<time_point> halted_since_;
    bool waking_ = false;
};

}  // namespace

running_step_ptr make_running(const step&, const warm_step&) {
    return std::make_unique<running_warm>();
}

}  // namespace qh
