#include "run/steps/checked_command.hpp"
#include "run/steps/running_steps.hpp"

namespace qh {
namespace {

class running_facts final : public checked_command {
  public:
    explicit running_facts(const step& step)
        : checked_command(step, {shell_request::language::facts}) {}

  private:
    void on_output(const channel_result& result, step_end& so_far, guest& on) override {
        so_far.told.emplace_back(events::facts{on.values.add_facts(result.output)});
        so_far.details = json::object();
    }
};

}  // namespace

running_step_ptr make_running(const step& step, const facts_step&) {
    return std::make_unique<running_facts>(step);
}

}  // namespace qh
