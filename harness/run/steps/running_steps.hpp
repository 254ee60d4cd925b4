// Each kind of step as one that runs: a line for each, which a file of its name defines.
#pragma once

#include <memory>

#include "run/steps/running_step.hpp"

namespace qh {

using running_step_ptr = std::unique_ptr<running_step>;

running_step_ptr make_running(const step& step, const boot_step& action);
running_step_ptr make_running(const step& step, const expect_step& action);
running_step_ptr make_running(const step& step, const send_step& action);
running_step_ptr make_running(const step& step, const login_step& action);
running_step_ptr make_running(const step& step, const run_step& action);
running_step_ptr make_running(const step& step, const python_step& action);
running_step_ptr make_running(const step& step, const facts_step& action);
running_step_ptr make_running(const step& step, const upload_step& action);
running_step_ptr make_running(const step& step, const download_step& action);
running_step_ptr make_running(const step& step, const measure_step& action);
running_step_ptr make_running(const step& step, const wait_step& action);
running_step_ptr make_running(const step& step, const warm_step& action);
running_step_ptr make_running(const step& step, const reboot_step& action);
running_step_ptr make_running(const step& step, const poweroff_step& action);

}  // namespace qh
