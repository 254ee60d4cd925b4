// What a step does: one of all kinds. A new kind is added here, and the compiler names what it
// still lacks.
#pragma once

#include <variant>
#include <vector>

#include "scenario/steps/boot.hpp"
#include "scenario/steps/download.hpp"
#include "scenario/steps/expect.hpp"
#include "scenario/steps/facts.hpp"
#include "scenario/steps/login.hpp"
#include "scenario/steps/measure.hpp"
#include "scenario/steps/poweroff.hpp"
#include "scenario/steps/python.hpp"
#include "scenario/steps/reboot.hpp"
#include "scenario/steps/run.hpp"
#include "scenario/steps/send.hpp"
#include "scenario/steps/upload.hpp"
#include "scenario/steps/wait.hpp"
#include "scenario/steps/warm.hpp"

namespace qh {

/// In the order in which people are told of the kinds.
using step_action = std::variant<boot_step, expect_step, send_step, login_step, run_step,
                                 python_step, facts_step, upload_step, download_step, measure_step,
                                 wait_step, warm_step, reboot_step, poweroff_step>;

/// The rows of all kinds, in the variant's order.
const std::vector<const step_kind*>& step_kinds();

const step_kind& kind_of(const step_action& action);

/// The texts that captured values are put into when the step begins.
std::vector<std::string_view> texts_of(const step_action& action);

step_place place_of(const step_action& action);

/// Reads what makes the step one of its kind; the row tells which. Throws json_document's problem.
void read_action(step_reading& from, const step_kind& kind, step_action& action);

}  // namespace qh
