// What people say of a machine: the part that scenarios, options and matrices have in common.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace qh {

struct machine_config {
    std::string qemu = "qemu-system-riscv64";
    std::string cpu = "rv64";  ///< as for QEMU's -cpu
    unsigned harts = 1;        ///< as for QEMU's -smp
    std::uint64_t memory_bytes = 512u << 20;
    std::filesystem::path kernel;
    std::filesystem::path initrd;               ///< empty: none
    std::vector<std::filesystem::path> drives;  ///< virtio-blk disks
    std::string append;                         ///< kernel arguments
    std::string firmware;                       ///< as for QEMU's -bios; empty: QEMU's own OpenSBI
    std::vector<std::string> extra_arguments;   ///< for QEMU, last
};

}  // namespace qh
