// From a scenario and what its caller wants of it to a run that can start.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "audit/known_programs.hpp"
#include "launch/machine_plan.hpp"
#include "launch/run_settings.hpp"
#include "scenario/machine_fields.hpp"
#include "scenario/scenario.hpp"
#include "scenario/selection.hpp"

namespace qh {

/// A scenario that is known to be right, and the machine for it.
struct planned_run {
    std::filesystem::path file;
    scenario what;
    machine_plan machine;
    known_programs known;  ///< what the guest's programs need, as far as somebody looked
};

/// What to run, and on what.
struct run_request {
    std::string scenario;  ///< a file, or a name as for find_scenario
    std::map<std::string, std::string> parameters = {};
    step_selection selection = {};
    machine_overrides machine = {};
};

/// Nothing where no step is selected. A run that is kept for a person does not power its guest off.
/// Errors are load_scenario's and plan_machine's, and a usage error where `settings` want the
/// machine recorded and it cannot be.
std::optional<planned_run> plan_run(const run_request& request, const run_settings& settings,
                                    image_provider& images);

/// Looks at what the guest's programs need, for the engine to compare with what QEMU has.
void look_at_programs(planned_run& run, image_provider& images);

}  // namespace qh
