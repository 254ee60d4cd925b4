// An initramfs: a gzip-compressed cpio archive in the format "newc", as the kernel unpacks it
// (Documentation/driver-api/early-userspace/buffer-format.rst).
#pragma once

#include <ctime>
#include <filesystem>

namespace qh {

/// Packs the folder `tree` into `initrd`, everything owned by root and as old as `time`, sorted,
/// with the device /dev/console, which the kernel opens for /init: the same tree gives the same
/// bytes. Throws an infrastructure error.
void write_initrd(const std::filesystem::path& tree, const std::filesystem::path& initrd,
                  std::time_t time);

}  // namespace qh
