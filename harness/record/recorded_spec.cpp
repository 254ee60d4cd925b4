#include "record/recorded_spec.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "scenario/machine_fields.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_of(const machine_spec& spec) {
    std::vector<fs::path> files = {spec.kernel};
    if (!spec.initrd.empty()) files.push_back(spec.initrd);
    files.insert(files.end(), spec.drives.begin(), spec.drives.end());
    for (const auto& [serial, path] : spec.files) files.push_back(path);
    return files;
}

json identity(const fs::path& file) {
    return {{"path", file.string()}, {"sha256", sha256_hex_of_file(file)}};
}

}  // namespace

std::string why_not_recordable(const machine_spec& spec) {
    if (spec.harts != 1) return "only a machine of one hart can be recorded; give --smp 1";
    if (!spec.flash.empty() || !spec.boot_disk.empty())
        return "a boot through a firmware's menu cannot be recorded";
    return {};
}

json describe_recorded(const machine_spec& spec) {
    json files = json::array(), attached = json::array();
    for (const auto& file : files_of(spec)) files.push_back(identity(file));
    for (const auto& [serial, path] : spec.files) attached.push_back({serial, path.string()});
    auto whole = describe_machine(spec, machine_record::whole);
    whole["may_reboot"] = spec.may_reboot;
    whole["files"] = std::move(attached);
    whole["rtc_base"] = spec.rtc_base;
    return {{"files", std::move(files)}, {"spec", std::move(whole)}};
}

machine_spec machine_to_replay(const json& described, const fs::path& folder) {
    for (const auto& file : described.at("files"))
        if (identity(file.at("path").get<std::string>()) != file)
            throw usage_error("{} is not the file that the recorded guest was given",
                              file.at("path").get<std::string>());
    const auto& recorded = described.at("spec");
    machine_spec spec;
    restore_machine(spec, recorded, machine_record::whole);
    recorded.at("may_reboot").get_to(spec.may_reboot);
    for (const auto& file : recorded.at("files"))
        spec.files.emplace_back(file.at(0).get<std::string>(), file.at(1).get<std::string>());
    recorded.at("rtc_base").get_to(spec.rtc_base);
    spec.instruction_log = folder / instruction_log_name;
    spec.replays_log = true;
    return spec;
}

}  // namespace qh
