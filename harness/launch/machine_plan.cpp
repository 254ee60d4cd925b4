#include "launch/machine_plan.hpp"

#include "base/error.hpp"
#include "image/image_store.hpp"
#include "launch/machine_files.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// The firmware starts the kernel, by a menu on a disk made for it.
void boot_through_firmware(machine_spec& spec, const std::string& name, image_provider& images) {
    const auto [firmware, disk] = images.prepare_firmware_boot(
        {.kernel = spec.kernel, .initrd = spec.initrd, .append = spec.append, .efi_loader = {}});
    spec.firmware.clear();
    spec.boot_disk = disk;
    spec.kernel = name == "u-boot" ? firmware.u_boot : fs::path();
    if (name == "uefi") spec.flash = {firmware.uefi_code, firmware.uefi_vars};
    spec.initrd.clear();
    spec.append.clear();
}

}  // namespace

void fit_machine_to_steps(machine_spec& spec, const std::vector<step>& steps) {
    for (const auto& step : steps) {
        if (step.kind().reboots) spec.may_reboot = true;
        const auto* upload = std::get_if<upload_step>(&step.action);
        if (upload && !upload->serial.empty())
            spec.files.emplace_back(upload->serial, upload->source);
    }
}

machine_plan plan_machine(const machine_request& request, image_provider& images) {
    if (request.kernel.empty() && request.image.empty())
        throw usage_error(
            "no machine to run on: the scenario names none; give --image or --kernel");
    machine_plan plan;
    auto& spec = plan.spec;
    static_cast<machine_config&>(spec) = request;
    spec.channel = request.channel != channel_choice::console;
    // A panic ends the machine at once instead of leaving it to hang; its own words tell of it.
    spec.append = "console=ttyS0 panic=-1";
    if (!request.image.empty()) {
        const auto image = images.find_or_build(request.image);
        note_use(image);
        plan.image = {{"name", image.name}, {"digest", image.digest}};
        spec.kernel = image.kernel;
        if (spec.initrd.empty()) spec.initrd = image.initrd;
        if (image.disk) spec.drives.insert(spec.drives.begin(), *image.disk);
        if (!image.append.empty()) spec.append += " " + image.append;
    }
    // The recorded command can then be run from anywhere.
    for (auto* const path : {&spec.kernel, &spec.initrd})
        if (!path->empty()) *path = fs::absolute(*path);
    for (auto& drive : spec.drives) drive = fs::absolute(drive);
    if (!request.append.empty()) spec.append += " " + request.append;
    if (request.firmware == "u-boot" || request.firmware == "uefi")
        boot_through_firmware(spec, request.firmware, images);
    check_machine_spec(spec);
    check_machine_files(spec);
    return plan;
}

}  // namespace qh
