// Boot firmware beyond QEMU's own OpenSBI: U-Boot and UEFI, from Debian's packages.
#pragma once

#include <filesystem>

#include "image/progress/build_phases.hpp"

namespace qh {

/// Files of images/lib/firmware.json, in the cache.
struct firmware_files {
    std::filesystem::path u_boot;      ///< for supervisor mode, started by OpenSBI as a kernel is
    std::filesystem::path uefi_code;   ///< the first flash
    std::filesystem::path uefi_vars;   ///< the second, to be written to
    std::filesystem::path efi_loader;  ///< systemd-boot
};

/// Downloads and verifies the packages unless the files are there already. Errors are apt_root's.
firmware_files find_firmware(build_phases& phases);

}  // namespace qh
