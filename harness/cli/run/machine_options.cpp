#include "cli/run/machine_options.hpp"

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/units.hpp"
#include "cli/terminal/option_checks.hpp"

namespace qh {

void machine_options::add_to(CLI::App& command) {
    command.add_option("--kernel", kernel, "your own kernel instead of an image")
        ->type_name("FILE");
    command.add_option("--initrd", initrd, "initial RAM disk for --kernel")->type_name("FILE");
    command.add_option("--drive", drives, "disk for the guest, never written to (repeatable)")
        ->allow_extra_args(false)
        ->check(not_empty())
        ->type_name("FILE");
    command.add_option("--append", append, "kernel arguments besides console=ttyS0 panic=-1")
        ->type_name("TEXT");
    command.add_option("--cpu", cpu, "as for QEMU's -cpu: rv64,v=true,vlen=256")->type_name("CPU");
    command.add_option("--smp", harts, "number of harts")->type_name("N");
    command.add_option("--memory", memory, "guest memory: 512M, 4G")->type_name("SIZE");
    command.add_option("--qemu", qemu, "the QEMU to use")->type_name("PROGRAM");
}

void machine_options::apply_to(machine_request& machine) const {
    if (!image.empty() && !kernel.empty()) throw usage_error("give an image or --kernel, not both");
    if (!kernel.empty()) {
        machine.image.clear();
        machine.kernel = kernel;
        machine.initrd.clear();
        machine.drives.clear();
    }
    if (!image.empty()) {
        machine.image = image;
        machine.kernel.clear();
    }
    if (!initrd.empty()) machine.initrd = initrd;
    for (const auto& drive : drives) machine.drives.push_back(drive);
    if (!cpu.empty()) machine.cpu = cpu;
    if (harts != 0) machine.harts = harts;
    if (!memory.empty()) machine.memory_bytes = parse_memory(memory);
    if (!append.empty()) machine.append = append;
    if (!qemu.empty()) machine.qemu = qemu;
}

}  // namespace qh
