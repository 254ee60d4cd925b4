#include "run/steps/running_steps.hpp"
#include "run/steps/transfer.hpp"

namespace qh {
namespace {

class running_download final : public running_transfer {
  public:
    explicit running_download(const download_step& wanted) : wanted_(wanted) {}

    void begin(guest& on) override { begin_transfer(make_download(on.filled(wanted_.from)), on); }

  private:
    void on_arrived(const file_transfer& transfer, json& details, guest& on) override {
        details["file"] = on.machine.keep_file(on.filled(wanted_.name), transfer.content());
    }

    const download_step& wanted_;
};

}  // namespace

running_step_ptr make_running(const step&, const download_step& action) {
    return std::make_unique<running_download>(action);
}

}  // namespace qh
