#include "run/steps/checked_command.hpp"
#include "run/steps/running_steps.hpp"

namespace qh {

running_step_ptr make_running(const step& step, const python_step& action) {
    return std::make_unique<checked_command>(
        step, shell_request{shell_request::language::python, action.code});
}

}  // namespace qh
