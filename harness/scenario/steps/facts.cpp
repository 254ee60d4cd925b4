#include "scenario/steps/facts.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, facts_step&) {
    require_true(from.object, "facts");
    read_checks(from);
}

}  // namespace qh
