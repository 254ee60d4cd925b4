#include "warm/warm_key.hpp"

#include <re2/re2.h>
#include <sys/stat.h>

#include "base/digest.hpp"
#include "build_config.hpp"
#include "process/tool_path.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

json files_of(const machine_spec& spec) {
    json files = json::array({file_state(find_tool(spec.qemu))});
    std::vector<fs::path> given = {spec.kernel, spec.initrd, spec.firmware, spec.boot_disk};
    given.insert(given.end(), spec.drives.begin(), spec.drives.end());
    given.insert(given.end(), spec.flash.begin(), spec.flash.end());
    for (const auto& [serial, path] : spec.files) given.push_back(path);
    for (const auto& file : given)
        if (!file.empty()) files.push_back(file_state(file));
    return files;
}

/// Parameters that a later step alone uses leave the guest as it is.
json parameters_in(const std::string& steps, const json& parameters) {
    json used = json::object();
    for (const auto& [name, value] : parameters.items())
        if (RE2::PartialMatch(steps, "\\b" + RE2::QuoteMeta(name) + "\\b")) used[name] = value;
    return used;
}

json steps_up_to(const scenario& what, std::size_t last) {
    json steps = json::array();
    for (std::size_t i = 0; i <= last; ++i) {
        const auto& step = what.steps[i];
        const auto* upload = std::get_if<upload_step>(&step.action);
        steps.push_back({what.resolved.at("steps").at(i), step.left_out, step.when,
                         step.timeout.count(), step.idle_timeout.count(),
                         upload ? upload->sha256 : ""});
    }
    return steps;
}

}  // namespace

std::optional<std::size_t> warm_step_of(const scenario& what) {
    for (std::size_t i = 0; i < what.steps.size(); ++i)
        if (what.steps[i].kind().is_warm_point && !what.steps[i].left_out) return i;
    return std::nullopt;
}

json file_state(const fs::path& file) {
    struct ::stat found = {};
    if (::stat(file.c_str(), &found) != 0) return {file.string(), nullptr};
    return {file.string(),        found.st_dev,         found.st_ino,
            found.st_size,        found.st_mtim.tv_sec, found.st_mtim.tv_nsec,
            found.st_ctim.tv_sec, found.st_ctim.tv_nsec};
}

std::string warm_key(const scenario& what, std::size_t warm_step, const machine_spec& spec,
                     const engine_options& options) {
    const auto steps = steps_up_to(what, warm_step);
    const json all = {{"qharness", QHARNESS_VERSION},
                      {"arguments", qemu_arguments(spec, {0, 0, 0, 0})},
                      {"files", files_of(spec)},
                      {"steps", steps},
                      {"parameters", parameters_in(dump(steps), what.parameters)},
                      {"failures", what.resolved.value("failures", json())},
                      {"scenario_timeout", what.timeout.count()},
                      {"channel", static_cast<int>(what.machine.channel)},
                      {"timeout_multiplier", options.timeout_multiplier},
                      {"programs", to_json(options.programs)}};
    return sha256_hex(dump(all)).substr(0, 16);
}

}  // namespace qh
