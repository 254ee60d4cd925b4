// What happens in a run: the spine that journal, terminal and result hang on.
#pragma once

#include <functional>
#include <string>

#include "base/json.hpp"
#include "base/units.hpp"

namespace qh {

/// Of the journal's format, as run_started has it ("journal"). 1, which had no number, lacked cpu,
/// tick, interrupted, judging, machine_lost, qmp_in, stopping and the seed. In 2 the engine was
/// told of QMP and asked it for the CPU, and of machine_reset, machine_shutdown and machine_paused
/// there was nothing.
inline constexpr int journal_version = 3;

/// The oldest format that can be replayed.
inline constexpr int oldest_journal = 2;

/// The journal's lines are these. `type` is one of:
/// what the engine is told: connected, console_out, channel_out, machine_reset, machine_shutdown,
/// machine_paused, cpu, tick, interrupted, judging, warm_point, machine_ended, machine_lost;
/// what it tells: step_started, step_finished, rebooted, facts, measurement, milestone, failure,
/// failure_trace, isa_warning, verdict;
/// what it does: stopping, and through the machine's pumps console_in, channel_in;
/// and what goes on around it: qmp, run_started, warm_start, machine_started, step_position,
/// console_cut, channel_cut, stderr, attaching, attached, detached, resumed, run_finished,
/// attempts. "resumed" holds an event, named by "event", of an engine that goes on after a person
/// had the console: it changes no verdict.
/// Whoever tells an engine the first again, with their times, hears the others again.
struct event {
    time_point when;
    std::string type;
    json data = json::object();
};

using event_sink = std::function<void(const event&)>;

}  // namespace qh
