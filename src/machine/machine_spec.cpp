#include "machine/machine_spec.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// A path as the value of a QEMU option, where a comma would begin the next one.
std::string option_value(const fs::path& path) {
    std::string value;
    for (const char c : path.string()) {
        value += c;
        if (c == ',') value += ',';
    }
    return value;
}

/// A disk by the name of its drive; what it reads comes again in a replay only through blkreplay.
void add_disk(std::vector<std::string>& arguments, const machine_spec& spec,
              const std::string& name, const std::string& options, const std::string& device) {
    const bool logged = !spec.instruction_log.empty();
    arguments.insert(
        arguments.end(),
        {"-drive", fmt::format("if=none,id={}{},{}", logged ? "image-" : "", name, options)});
    if (logged)
        arguments.insert(
            arguments.end(),
            {"-drive", fmt::format("if=none,id={0},driver=blkreplay,image=image-{0}", name)});
    arguments.insert(arguments.end(), {"-device", fmt::format("{},drive={}", device, name)});
}

/// What makes the guest's course depend on nothing but what is in the log.
std::vector<std::string> log_arguments(const machine_spec& spec) {
    // Each instruction takes 2 ns of the guest's time.
    return {"-icount",
            fmt::format("shift=1,rr={},rrfile={}", spec.replays_log ? "replay" : "record",
                        option_value(spec.instruction_log)),
            "-rtc", fmt::format("base={},clock=vm", spec.rtc_base)};
}

/// What the machine is; how its console is reached comes on top of it.
std::vector<std::string> hardware_arguments(const machine_spec& spec) {
    std::vector<std::string> arguments = {
        spec.qemu, "-M",
        // With UEFI the kernel would take ACPI's tables, and other names for its devices.
        spec.flash.empty() ? "virt" : "virt,acpi=off", "-cpu", spec.cpu, "-smp",
        std::to_string(spec.harts), "-m",
        fmt::format("{}M", std::max<std::uint64_t>(1, spec.memory_bytes >> 20)), "-nodefaults",
        "-display", "none", "-nic", "none"};
    if (!spec.may_reboot) arguments.push_back("-no-reboot");
    const auto add = [&](std::string option, std::string value) {
        arguments.push_back(std::move(option));
        arguments.push_back(std::move(value));
    };
    add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
    // QEMU's own numbers are in its log, the host's are not.
    add("-object", spec.instruction_log.empty() ? "rng-random,id=rng,filename=/dev/urandom"
                                                : "rng-builtin,id=rng");
    add("-device", "virtio-rng-pci,rng=rng");
    for (std::size_t i = 0; i < spec.flash.size(); ++i)
        add("-drive",
            fmt::format("if=pflash,unit={},format=raw,file={},{}", i, option_value(spec.flash[i]),
                        i == 0 ? "readonly=on" : "snapshot=on"));
    if (!spec.kernel.empty()) add("-kernel", spec.kernel.string());
    if (!spec.firmware.empty()) add("-bios", spec.firmware);
    if (!spec.initrd.empty()) add("-initrd", spec.initrd.string());
    if (!spec.append.empty()) add("-append", spec.append);
    for (std::size_t i = 0; i < spec.drives.size(); ++i) {
        const auto& path = spec.drives[i];
        const auto format = path.extension() == ".qcow2" ? "qcow2" : "raw";
        add_disk(arguments, spec, fmt::format("disk{}", i),
                 fmt::format("file={},format={},snapshot={}", option_value(path), format,
                             spec.writes_drives ? "off" : "on"),
                 "virtio-blk-pci");
    }
    if (!spec.boot_disk.empty()) {
        add("-drive", fmt::format("if=none,id=boot,file={},format=raw,snapshot=on",
                                  option_value(spec.boot_disk)));
        // Not virtio, so that the disks keep their names.
        add("-device", "nvme,drive=boot,serial=boot");
    }
    for (const auto& [serial, path] : spec.files) {
        add_disk(arguments, spec, serial,
                 fmt::format("file={},format=raw,readonly=on", option_value(path)),
                 "virtio-blk-pci,serial=" + serial);
    }
    if (spec.channel) {
        add("-device", "virtio-serial-pci");
        // systemd starts a getty on hvc0 by itself, so the channel is the second one.
        add("-chardev", "null,id=hvc0");
        add("-device", "virtconsole,chardev=hvc0");
        add("-device", "virtconsole,chardev=channel");
    }
    return arguments;
}

void check_file(const char* role, const fs::path& path) {
    std::error_code failure;
    if (!fs::exists(path, failure)) throw usage_error("{} {} does not exist", role, path.string());
    if (fs::is_directory(path, failure))
        throw usage_error("{} {} is a folder, not a file", role, path.string());
    if (::access(path.c_str(), R_OK) != 0)
        throw usage_error("cannot read {} {}: {}", role, path.string(),
                          std::system_category().message(errno));
}

}  // namespace

std::vector<std::string> qemu_arguments(const machine_spec& spec, machine_channels channels) {
    auto arguments = hardware_arguments(spec);
    for (std::string argument :
         {"-S", "-monitor", "none", "-chardev", "console", "-serial", "chardev:console", "-chardev",
          "qmp", "-mon", "chardev=qmp,mode=control"}) {
        if (argument == "console")
            argument = fmt::format("socket,id=console,fd={}", channels.console);
        else if (argument == "qmp")
            argument = fmt::format("socket,id=qmp,fd={}", channels.qmp);
        arguments.push_back(std::move(argument));
    }
    if (spec.channel)
        arguments.insert(arguments.end(),
                         {"-chardev", fmt::format("socket,id=channel,fd={}", channels.channel)});
    if (!spec.instruction_log.empty()) {
        const auto log = log_arguments(spec);
        arguments.insert(arguments.end(), log.begin(), log.end());
    }
    if (!spec.gdb_socket.empty())
        arguments.insert(arguments.end(), {"-gdb", fmt::format("unix:{},server=on,wait=off",
                                                               option_value(spec.gdb_socket))});
    if (!spec.qmp_socket.empty())
        arguments.insert(arguments.end(), {"-qmp", fmt::format("unix:{},server=on,wait=off",
                                                               option_value(spec.qmp_socket))});
    if (!spec.incoming.empty())
        arguments.insert(arguments.end(), {"-incoming", "defer", "-chardev",
                                           fmt::format("socket,id=gdb,fd={}", channels.gdb)});
    arguments.insert(arguments.end(), spec.extra_arguments.begin(), spec.extra_arguments.end());
    return arguments;
}

std::string qemu_command(const machine_spec& spec) {
    auto arguments = hardware_arguments(spec);
    arguments.insert(arguments.end(), {"-serial", "mon:stdio"});
    if (spec.channel) arguments.insert(arguments.end(), {"-chardev", "null,id=channel"});
    arguments.insert(arguments.end(), spec.extra_arguments.begin(), spec.extra_arguments.end());
    return shell_quote(arguments);
}

std::string qemu_script(const machine_spec& spec) {
    return fmt::format(
        "#!/bin/sh\n"
        "# The machine of this run, its console on your terminal. Leave it with Ctrl-A X.\n"
        "exec {} \"$@\"\n",
        qemu_command(spec));
}

void check_machine_spec(const machine_spec& spec) {
    if (spec.flash.empty()) check_file("kernel", spec.kernel);
    for (const auto& flash : spec.flash) check_file("flash", flash);
    if (!spec.initrd.empty()) check_file("initrd", spec.initrd);
    for (const auto& drive : spec.drives) check_file("drive", drive);
    for (const auto& [serial, path] : spec.files) check_file("file", path);
    if (spec.harts == 0) throw usage_error("a machine needs at least one hart (--smp)");
    if (spec.memory_bytes < (64u << 20))
        throw usage_error("{} MiB are too little memory for a Linux guest; give it 128M or more",
                          spec.memory_bytes >> 20);
}

}  // namespace qh
