#include "scenario/steps/boot.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, boot_step& step) {
    if (!from.object.value("boot").is_object()) {
        step.until = read_boot_state(from.object, "boot");
        return;
    }
    object_reader boot(from.document, from.object.path_of("boot"), "\"boot\"");
    problem_list problems;
    problems.attempt([&] { step.until = read_boot_state(boot, "until"); });
    boot.finish(problems);
    problems.throw_all();
}

}  // namespace qh
