#include "scenario/steps/wait.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, wait_step& step) {
    step.time = from.object.duration("wait", {});
    if (!from.object.has("timeout")) from.step.timeout = step.time + wait_step::patience;
}

}  // namespace qh
