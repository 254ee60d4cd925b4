#include "scenario/steps/warm.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, warm_step&) {
    require_true(from.object, "warm");
}

}  // namespace qh
