#include "run/steps/measuring.hpp"

namespace qh {

step_end end_measuring(const step& step, const measurement_series& measured, json details) {
    if (!step.measure) return step_end::passed(std::move(details));
    const auto broken = measured.broken_limit(*step.measure);
    auto end = broken.empty() ? step_end::passed(std::move(details))
                              : step_end::failed(run_outcome::failed, broken, std::move(details));
    for (auto& one : measured.results(*step.measure)) {
        auto name = one.at("name").get<std::string>();
        end.told.emplace_back(events::measurement{std::move(name), step.name, {std::move(one)}});
    }
    return end;
}

}  // namespace qh
