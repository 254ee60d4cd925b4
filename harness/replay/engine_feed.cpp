#include "replay/engine_feed.hpp"

#include <utility>

#include "base/overloaded.hpp"

namespace qh {

engine_feed::engine_feed(engine& engine, int journal_version)
    : engine_(engine), has_old_qmp_(journal_version < 3) {}

bool engine_feed::is_told_to_engine(const event_data& what) const {
    return is_one_of<events::told_to_engine>(what) ||
           (has_old_qmp_ && std::holds_alternative<events::qmp>(what));
}

void engine_feed::tell(const event& told) {
    using namespace events;
    const auto when = told.when;
    if (std::holds_alternative<attaching>(told.what)) attached_ = true;
    if (attached_ || ended_) return;
    std::visit(
        overloaded{
            [&](const connected& machine) { connect(machine, when); },
            [&](const console_out& console) { engine_.on_console(console.bytes, when); },
            [&](const channel_out& channel) { engine_.on_channel(channel.bytes, when); },
            [&](const machine_reset&) { engine_.on_reset(when); },
            [&](const machine_shutdown& why) { engine_.on_shutdown(why.reason, when); },
            [&](const machine_paused& now) { engine_.on_paused(now.paused, when); },
            [&](const machine_ended& machine) { end(machine, when); },
            [&](const machine_lost&) {
                ended_ = true;
                engine_.on_no_machine(when);
            },
            [&](const cpu& used) { engine_.on_cpu_usage(used.usage, when); },
            [&](const tick&) { engine_.tick(when); },
            [&](const interrupted&) { engine_.on_interrupt(when); },
            [&](const judging&) { engine_.on_machine_ended({}, when); },
            [&](const warm_point& point) { engine_.on_warm_point(point, when); },
            [&](const qmp_in& command) { old_qmp_.on_command(command); },
            [&](const qmp& message) {
                if (has_old_qmp_) old_qmp_.tell(message, engine_, when);
            },
            passing_over<console_in, channel_in, error_output, stopping, run_started, warm_start,
                         machine_started, step_position, console_cut, channel_cut, attaching,
                         events::attached, detached, resumed, run_finished, attempts, step_started,
                         step_finished, rebooted, facts, measurement, events::milestone,
                         events::failure, events::failure_trace, isa_warning, events::verdict>()},
        told.what);
}

/// A restored machine connects too, behind its past.
void engine_feed::connect(const events::connected& machine, time_point when) {
    if (std::exchange(started_, true)) return;
    if (machine.cpu) engine_.on_cpu(*machine.cpu, when);
    engine_.start(when);
}

/// The end of a machine that never connected is the session's own business.
void engine_feed::end(const events::machine_ended& machine, time_point when) {
    if (!started_) return;
    ended_ = true;
    engine_.on_machine_ended({machine.signalled, machine.status}, when);
}

}  // namespace qh
