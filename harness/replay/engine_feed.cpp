#include "replay/engine_feed.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "run/live/qmp_json.hpp"
#include "run/live/usage_json.hpp"

namespace qh {
namespace {

constexpr std::array<std::string_view, 11> told_to_engine = {
    "connected",   "console_out",   "channel_out",  "qmp",     "cpu",       "tick",
    "interrupted", "machine_ended", "machine_lost", "judging", "warm_point"};
constexpr std::array<std::string_view, 10> told_by_engine = {
    "step_started", "step_finished", "rebooted",      "facts",       "measurement",
    "milestone",    "failure",       "failure_trace", "isa_warning", "verdict"};

exit_status status_from(const json& data) {
    return {data.at("signalled").get<bool>(), data.at("status").get<int>()};
}

}  // namespace

bool is_told_to_engine(const std::string& type) {
    return std::ranges::find(told_to_engine, type) != told_to_engine.end();
}

bool is_told_by_engine(const std::string& type) {
    return std::ranges::find(told_by_engine, type) != told_by_engine.end();
}

void engine_feed::tell(const journal_entry& entry) {
    const auto& [when, type, data] = entry.what;
    if (type == "attaching") attached_ = true;
    if (attached_ || ended_) return;
    if (type == "connected") {
        if (!std::exchange(started_, true)) engine_.start(when);
        return;
    }
    ended_ = (type == "machine_ended" && started_) || type == "machine_lost";
    if (type == "console_out") return engine_.on_console(entry.bytes, when);
    if (type == "channel_out") return engine_.on_channel(entry.bytes, when);
    if (type == "qmp") return engine_.on_qmp(qmp_from_json(data), when);
    if (type == "cpu") return engine_.on_cpu_usage(usage_from_json(data), when);
    if (type == "tick") return engine_.tick(when);
    if (type == "warm_point") return engine_.on_warm_point(data, when);
    if (type == "interrupted") return engine_.on_interrupt(when);
    if (type == "judging") return engine_.on_machine_ended({}, when);
    if (type == "machine_ended" && !started_) return;  // the session's own business
    if (type == "machine_ended") return engine_.on_machine_ended(status_from(data), when);
    if (type == "machine_lost") return engine_.on_no_machine(when);
}

}  // namespace qh
