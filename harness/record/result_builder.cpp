#include "record/result_builder.hpp"

#include "base/overloaded.hpp"
#include "run/events/event_json.hpp"

namespace qh {
namespace {

template <typename Value>
void set(json& object, const char* name, const std::optional<Value>& value) {
    if (value) object[name] = *value;
}

/// The event's members alone.
json members_of(const event_data& what) {
    auto members = to_json(what);
    members.erase("type");
    return members;
}

}  // namespace

void result_builder::on_event(const event& event) {
    using namespace events;
    std::visit(
        overloaded{
            [&](const run_started& run) { note(run); },
            [&](const step_finished& step) { note(step); },
            [&](const events::failure& found) { note(found); },
            [&](const events::failure_trace& trace) { note(trace); },
            [&](const events::verdict& judged) { note(judged); },
            [&](const attempts& all) { note(all); }, [&](const run_finished& run) { note(run); },
            [&](const warm_start& from) {
                if (from.saved) result_["warm_start"] = members_of(from);
            },
            [&](const connected& machine) {
                result_["machine"]["qemu_version"] = machine.qemu_version;
            },
            [&](const facts& told) { result_["facts"].update(told.by_name); },
            [&](const measurement& taken) { result_["measurements"].push_back(members_of(taken)); },
            [&](const isa_warning& told) { result_["warnings"].push_back(members_of(told)); },
            [&](const machine_ended& end) { result_["machine_end"] = members_of(end); },
            passing_over<console_out, console_in, channel_out, channel_in, error_output,
                         machine_started, machine_reset, machine_shutdown, machine_paused,
                         machine_lost, cpu, tick, interrupted, judging, warm_point, step_started,
                         rebooted, events::milestone, stopping, step_position, console_cut,
                         channel_cut, attaching, attached, detached, resumed, qmp, qmp_in>()},
        event.what);
}

void result_builder::note(const events::run_started& run) {
    result_["qharness"] = run.qharness;
    result_["scenario"] = run.scenario;
    result_["machine"] = run.machine;
    result_["started"] = run.started;
    set(result_, "image", run.image);
    set(result_, "host", run.host);
}

void result_builder::note(const events::step_finished& step) {
    auto told = members_of(step);
    told.erase("index");
    if (told.contains("captures")) result_["captures"].update(told["captures"]);
    result_["steps"].push_back(std::move(told));
}

void result_builder::note(const events::failure& found) {
    auto told = members_of(found);
    told["excerpt"] = found.line;
    told.erase("line");
    result_["failures"].push_back(std::move(told));
}

void result_builder::note(const events::failure_trace& trace) {
    for (auto& failure : result_["failures"]) {
        if (failure["title"] != trace.title || !failure["excerpt"].is_string()) continue;
        failure["excerpt"] = trace.lines;
        if (!trace.site.empty()) failure["site"] = trace.site;
        if (trace.cut) failure["excerpt_cut"] = true;
        set(failure, "explanation", trace.explanation);
    }
}

void result_builder::note(const events::verdict& judged) {
    result_["outcome"] = name_of(judged.outcome);
    result_["reason"] = judged.reason;
    set(result_, "excerpt", judged.excerpt);
    set(result_, "failures_untold", judged.failures_untold);
}

void result_builder::note(const events::attempts& all) {
    result_["attempts"] = all.attempts;
    set(result_, "outcome", all.outcome);
    set(result_, "reason", all.reason);
}

void result_builder::note(const events::run_finished& run) {
    result_["cost"] = run.cost;
    result_["fingerprint"] = fingerprint();
}

/// What two runs should have in common for their measurements to compare; the load tells how far.
json result_builder::fingerprint() const {
    json print = json::object();
    const auto add = [&](const char* name, const char* path) {
        const json_path at(path);
        if (result_.contains(at) && !result_[at].is_null()) print[name] = result_[at];
    };
    add("qemu", "/machine/qemu_version");
    add("cpu", "/machine/cpu");
    add("smp", "/machine/smp");
    add("memory_bytes", "/machine/memory_bytes");
    add("host_cpu", "/host/cpu");
    add("host_load", "/host/load");
    add("image", "/image/digest");
    add("kernel", "/facts/guest.kernel");
    add("opensbi", "/facts/machine.opensbi");
    add("blas_lib", "/captures/blas_lib");
    add("blas_core", "/captures/blas_core");
    add("torch", "/captures/torch_version");
    return print;
}

}  // namespace qh
