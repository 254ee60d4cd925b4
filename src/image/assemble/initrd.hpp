// An initramfs: a compressed cpio archive in the format "newc", as the kernel unpacks it
// (Documentation/driver-api/early-userspace/buffer-format.rst).
#pragma once

#include <ctime>
#include <filesystem>

namespace qh {

/// What an initramfs is made from.
struct initrd_content {
    std::filesystem::path tree;
    std::time_t time = 0;  ///< of everything in it
    bool zstd = false;     ///< compressed so, else with gzip
};

/// Packs the tree into `initrd`, everything owned by root, sorted, with the device /dev/console,
/// which the kernel opens for /init: the same tree gives the same bytes. Throws an infrastructure
/// error.
void write_initrd(const initrd_content& content, const std::filesystem::path& initrd);

}  // namespace qh
