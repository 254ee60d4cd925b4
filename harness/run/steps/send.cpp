#include "run/steps/running_steps.hpp"

namespace qh {
namespace {

class running_send final : public running_step {
  public:
    explicit running_send(const send_step& wanted) : wanted_(wanted) {}

    std::optional<step_end> advance(guest& on) override {
        if (!on.shell.at_prompt()) {
            on.shell.leave(on.now);
            return std::nullopt;
        }
        on.type(on.filled(wanted_.text));
        return step_end::passed();
    }

  private:
    const send_step& wanted_;
};

}  // namespace

running_step_ptr make_running(const step&, const send_step& action) {
    return std::make_unique<running_send>(action);
}

}  // namespace qh
