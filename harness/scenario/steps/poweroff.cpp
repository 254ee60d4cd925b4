#include "scenario/steps/poweroff.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, poweroff_step&) {
    require_true(from.object, "poweroff");
}

}  // namespace qh
