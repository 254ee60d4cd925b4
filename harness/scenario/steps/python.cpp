#include "scenario/steps/python.hpp"

#include "scenario/steps/step_reading.hpp"

namespace qh {

void read(step_reading& from, python_step& step) {
    from.problems.attempt([&] { step.code = read_code(from, "python"); });
    read_output_checks(from);
    read_checks(from);
}

}  // namespace qh
