#include "run/steps/measuring.hpp"
#include "run/steps/running_steps.hpp"
#include "scenario/text/comparison.hpp"

namespace qh {
namespace {

class running_measure final : public running_step {
  public:
    explicit running_measure(const step& step) : step_(step) {}

    std::optional<step_end> advance(guest& on) override {
        const auto names = [&](std::string_view name) { return on.values.lookup(name); };
        for (const auto& text : step_.checks) {
            const auto comparison = evaluate(parse_comparison(text), names);
            if (!comparison.holds)
                return step_end::failed(run_outcome::failed,
                                        comparison.explanation + " does not hold");
        }
        measurement_series measured;
        const auto problem = measured.add(*step_.measure, "", names);
        if (!problem.empty()) return step_end::failed(run_outcome::failed, problem);
        return end_measuring(step_, measured, json::object());
    }

  private:
    const step& step_;
};

}  // namespace

running_step_ptr make_running(const step& step, const measure_step&) {
    return std::make_unique<running_measure>(step);
}

}  // namespace qh
