#include "run/steps/running_steps.hpp"
#include "run/steps/transfer.hpp"

namespace qh {
namespace {

class running_upload final : public running_transfer {
  public:
    explicit running_upload(const upload_step& wanted) : wanted_(wanted) {}

    void begin(guest& on) override {
        if (wanted_.unusable.empty())
            begin_transfer(make_upload(wanted_, on.filled(wanted_.to), on.what.secrets), on);
    }

    std::optional<step_end> advance(guest& on) override {
        if (!wanted_.unusable.empty())
            return step_end::failed(run_outcome::failed, wanted_.unusable);
        return running_transfer::advance(on);
    }

  private:
    const upload_step& wanted_;
};

}  // namespace

running_step_ptr make_running(const step&, const upload_step& action) {
    return std::make_unique<running_upload>(action);
}

}  // namespace qh
