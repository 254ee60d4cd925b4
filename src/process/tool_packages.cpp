#include "process/tool_packages.hpp"

#include <algorithm>

namespace qh {

const std::vector<tool_package>& tool_packages() {
    static const std::vector<tool_package> packages = {
        {"qemu-utils", {"qemu-img"}, "to build images, to read qcow2 files and for warm points"},
        {"e2fsprogs", {"mke2fs", "debugfs"}, "to build images with a disk"},
        {"util-linux", {"unshare"}, "to build images as a plain user or with package scripts"},
        {"kmod", {"depmod"}, "to build images with a kernel and a disk"},
        {"apt", {"apt-get", "apt-cache"}, "to build images from Debian's packages"},
        {"dpkg", {"dpkg"}, "to build images from Debian's packages"},
        {"fdisk", {"sfdisk"}, "to boot with the firmware u-boot or uefi", true},
        {"dosfstools", {"mkfs.fat"}, "to boot with the firmware u-boot or uefi", true},
        {"mtools", {"mcopy"}, "to boot with the firmware u-boot or uefi", true},
        {"slurm-client",
         {"sbatch", "squeue", "scancel", "scontrol", "sinfo"},
         "for matrix --executor slurm",
         true},
    };
    return packages;
}

const tool_package* package_of_tool(std::string_view program) {
    for (const auto& one : tool_packages())
        if (std::ranges::find(one.programs, program) != one.programs.end()) return &one;
    return nullptr;
}

}  // namespace qh
