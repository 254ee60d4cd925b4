#include "replay/engine_feed.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "run/live/cpu_json.hpp"
#include "run/live/usage_json.hpp"

namespace qh {
namespace {

constexpr std::array<std::string_view, 13> told_to_engine = {
    "connected",      "console_out", "channel_out", "machine_reset", "machine_shutdown",
    "machine_paused", "cpu",         "tick",        "interrupted",   "machine_ended",
    "machine_lost",   "judging",     "warm_point"};
constexpr std::array<std::string_view, 10> told_by_engine = {
    "step_started", "step_finished", "rebooted",      "facts",       "measurement",
    "milestone",    "failure",       "failure_trace", "isa_warning", "verdict"};

exit_status status_from(const json& data) {
    return {data.at("signalled").get<bool>(), data.at("status").get<int>()};
}

}  // namespace

bool is_told_by_engine(const std::string& type) {
    return std::ranges::find(told_by_engine, type) != told_by_engine.end();
}

engine_feed::engine_feed(engine& engine, int journal_version)
    : engine_(engine), has_old_qmp_(journal_version < 3) {}

bool engine_feed::is_told_to_engine(const std::string& type) const {
    return std::ranges::find(told_to_engine, type) != told_to_engine.end() ||
           (has_old_qmp_ && type == "qmp");
}

void engine_feed::tell(const journal_entry& entry) {
    const auto& [when, type, data] = entry.what;
    if (type == "attaching") attached_ = true;
    if (attached_ || ended_) return;
    if (type == "connected") return connect(data, when);
    ended_ = (type == "machine_ended" && started_) || type == "machine_lost";
    if (type == "console_out") return engine_.on_console(entry.bytes, when);
    if (type == "channel_out") return engine_.on_channel(entry.bytes, when);
    if (type == "machine_reset") return engine_.on_reset(when);
    if (type == "machine_shutdown") return engine_.on_shutdown(data.at("reason"), when);
    if (type == "machine_paused") return engine_.on_paused(data.at("paused"), when);
    if (type == "qmp_in") return old_qmp_.on_command(data);
    if (type == "qmp" && has_old_qmp_) return old_qmp_.tell(data, engine_, when);
    if (type == "cpu") return engine_.on_cpu_usage(usage_from_json(data), when);
    if (type == "tick") return engine_.tick(when);
    if (type == "warm_point") return engine_.on_warm_point(data, when);
    if (type == "interrupted") return engine_.on_interrupt(when);
    if (type == "judging") return engine_.on_machine_ended({}, when);
    if (type == "machine_ended" && !started_) return;  // the session's own business
    if (type == "machine_ended") return engine_.on_machine_ended(status_from(data), when);
    if (type == "machine_lost") return engine_.on_no_machine(when);
}

/// A restored machine connects too, behind its past.
void engine_feed::connect(const json& data, time_point when) {
    if (std::exchange(started_, true)) return;
    if (data.contains("cpu")) engine_.on_cpu(cpu_from_json(data["cpu"]), when);
    engine_.start(when);
}

}  // namespace qh
