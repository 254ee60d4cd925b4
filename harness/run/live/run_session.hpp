// One run: a machine, the engine that drives it, and the record of both.
#pragma once

#include <functional>
#include <string_view>

#include "machine/machine_spec.hpp"
#include "run/engine.hpp"
#include "run/events/event.hpp"
#include "run/judge/verdict.hpp"
#include "run/live/warm_plan.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Told about once a second and at each step, with the console's last line.
using progress_display = std::function<void(std::string_view last_line)>;

/// When the machine is kept for the person at the terminal, who ends it by leaving its console.
enum class attach_when {
    never,
    not_passed,  ///< once the scenario is judged and did not pass
    judged,      ///< once the scenario is judged
    at_once      ///< from power-on; the scenario's steps are not run
};

struct session_options {
    engine_options engine = {};       ///< the session sees to its random words
    events::run_started description;  ///< but for the seed
    attach_when attach = attach_when::never;
    /// Keeps a file that the guest has given; returns its place in the record.
    std::function<std::string(const std::string& name, std::string_view content)> keep_file;
    const warm_plan* warm = nullptr;  ///< none: a "warm" step does nothing
};

/// Runs the scenario on the machine to its verdict. SIGINT and SIGTERM interrupt it in good
/// order, and then nobody is attached. What happens while somebody is attached is recorded and
/// changes no verdict. Infrastructure errors become a verdict too; others, such as a full disk
/// under the journal, are thrown after the machine is gone.
verdict run_session(const scenario& scenario, const machine_spec& spec,
                    const session_options& options, const recorder& record,
                    const progress_display& progress);

}  // namespace qh
