// What happens in a run: the spine that journal, terminal and result hang on.
#pragma once

#include <functional>
#include <string>

#include "base/json.hpp"
#include "machine/shutdown_plan.hpp"

namespace qh {

/// The journal's lines are these. `type` is one of: run_started, machine_started, connected,
/// console_out, console_cut, console_in, channel_out, channel_in, qmp, stderr, step_started,
/// step_finished, rebooted, facts, measurement, milestone, failure, failure_trace, machine_ended,
/// verdict, attaching, attached, detached, run_finished, attempts.
struct event {
    time_point when;
    std::string type;
    json data = json::object();
};

using event_sink = std::function<void(const event&)>;

}  // namespace qh
