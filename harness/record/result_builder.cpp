#include "record/result_builder.hpp"

namespace qh {
namespace {

/// Takes over those of `names` that `data` has.
void copy_members(json& target, const json& data, std::initializer_list<const char*> names) {
    for (const auto* name : names)
        if (data.contains(name)) target[name] = data[name];
}

}  // namespace

void result_builder::on_event(const event& event) {
    const json& data = event.data;
    if (event.type == "run_started") {
        copy_members(result_, data,
                     {"qharness", "scenario", "machine", "image", "host", "started"});
    } else if (event.type == "warm_start") {
        if (data.contains("saved")) result_["warm_start"] = data;
    } else if (event.type == "connected") {
        result_["machine"]["qemu_version"] = data["qemu_version"];
    } else if (event.type == "step_finished") {
        json step = data;
        step.erase("index");
        result_["steps"].push_back(std::move(step));
        if (data.contains("captures")) result_["captures"].update(data["captures"]);
    } else if (event.type == "facts") {
        result_["facts"].update(data);
    } else if (event.type == "measurement") {
        result_["measurements"].push_back(data);
    } else if (event.type == "failure") {
        json failure = data;
        failure["excerpt"] = data["line"];
        failure.erase("line");
        result_["failures"].push_back(std::move(failure));
    } else if (event.type == "failure_trace") {
        for (auto& failure : result_["failures"])
            if (failure["title"] == data["title"] && failure["excerpt"].is_string()) {
                failure["excerpt"] = data["lines"];
                if (data["site"] != "") failure["site"] = data["site"];
                if (data["cut"] == true) failure["excerpt_cut"] = true;
                copy_members(failure, data, {"explanation"});
            }
    } else if (event.type == "isa_warning") {
        result_["warnings"].push_back(data);
    } else if (event.type == "machine_ended") {
        result_["machine_end"] = data;
    } else if (event.type == "verdict") {
        copy_members(result_, data, {"outcome", "reason", "excerpt", "failures_untold"});
    } else if (event.type == "attempts") {
        copy_members(result_, data, {"outcome", "reason", "attempts"});
    } else if (event.type == "run_finished") {
        copy_members(result_, data, {"cost"});
        result_["fingerprint"] = fingerprint();
    }
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
