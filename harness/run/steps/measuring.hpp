// The end of a step that has measured.
#pragma once

#include "run/judge/measurements.hpp"
#include "run/steps/running_step.hpp"

namespace qh {

/// Tells what was measured, where the step measures, and holds it against its limits.
step_end end_measuring(const step& step, const measurement_series& measured, json details);

}  // namespace qh
