#include "scenario/steps/reboot.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, reboot_step& step) {
    if (from.object.value("reboot").is_string())
        step.until = read_boot_state(from.object, "reboot");
    else
        require_true(from.object, "reboot");
}

}  // namespace qh
