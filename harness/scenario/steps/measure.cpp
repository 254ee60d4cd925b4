#include "scenario/steps/measure.hpp"

#include "scenario/steps/measurement_reader.hpp"
#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, measure_step&) {
    from.problems.attempt([&] {
        const auto measure = read_measurement(from.document, from.object);
        from.step.measure = measure;
        if (measure.json_lines || measure.warmup + measure.repeats > 1)
            throw from.object.problem("measure",
                                      "without a command a step measures one value once");
    });
    read_checks(from);
}

}  // namespace qh
