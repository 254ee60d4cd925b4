#include "launch/planned_run.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "record/recorded_spec.hpp"
#include "scenario/load.hpp"

namespace qh {
namespace {

/// Leaves out what would end the guest that the person wants to keep.
void keep_running(scenario& scenario) {
    for (auto& step : scenario.steps)
        if (step.kind().ends_guest) step.left_out = true;
}

bool uses_python(const scenario& scenario) {
    return std::ranges::any_of(scenario.steps, [](const step& step) {
        const auto* const command = std::get_if<run_step>(&step.action);
        return std::holds_alternative<python_step>(step.action) ||
               (command && command->code.find("python3") != std::string::npos);
    });
}

/// Only the UART's input is in QEMU's log, and the console is what a replay is held against.
void prepare_to_record(planned_run& run, image_provider& images) {
    if (const auto why = why_not_recordable(run.machine.spec); !why.empty())
        throw usage_error("--record: {}", why);
    if (!run.what.secrets.empty())
        throw usage_error("--record: QEMU's log would hold the scenario's secrets");
    if (run.what.machine.channel == channel_choice::virtio)
        images.say("--record: commands go over the serial console, not the channel");
    run.what.machine.channel = channel_choice::console;
    run.machine.spec.channel = false;
}

}  // namespace

std::optional<planned_run> plan_run(const run_request& request, const run_settings& settings,
                                    image_provider& images) {
    planned_run run;
    run.file = find_scenario(request.scenario);
    run.what = load_scenario(run.file, request.parameters);
    if (select_steps(run.what, request.selection) == 0) return std::nullopt;
    if (settings.attach == attach_when::judged) keep_running(run.what);
    apply_overrides(request.machine, run.what.machine);
    run.machine = plan_machine(run.what.machine, images);
    fit_machine_to_steps(run.machine.spec, run.what.steps);
    if (settings.record_machine) prepare_to_record(run, images);
    return run;
}

void look_at_programs(planned_run& run, image_provider& images) {
    run.known = look_at_programs(run.machine.spec, [&](const std::string& file) {
        images.say(
            fmt::format("looking at what the programs in {} need, this once", printable(file)));
    });
    if (!uses_python(run.what))
        std::erase_if(run.known.programs,
                      [](const auto& program) { return program.role == python_role; });
}

}  // namespace qh
