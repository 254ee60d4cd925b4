#include "run/steps/measuring.hpp"

namespace qh {

step_end end_measuring(const step& step, const measurement_series& measured, json details) {
    if (!step.measure) return step_end::passed(std::move(details));
    const auto broken = measured.broken_limit(*step.measure);
    auto end = broken.empty() ? step_end::passed(std::move(details))
                              : step_end::failed(run_outcome::failed, broken, std::move(details));
    for (auto measurement : measured.results(*step.measure)) {
        measurement["step"] = step.name;
        end.told.emplace_back("measurement", std::move(measurement));
    }
    return end;
}

}  // namespace qh
