// A disk that firmware boots from: a kernel and its menu on an EFI system partition.
#pragma once

#include <filesystem>
#include <string>

#include "image/progress/build_options.hpp"

namespace qh {

/// What the menu's entries start: "linux", the default, and "verbose", the same with all the kernel
/// has to say.
struct boot_disk_content {
    std::filesystem::path kernel;
    std::filesystem::path initrd;  ///< empty: none
    std::string append;            ///< the kernel's command line
    std::filesystem::path efi_loader;
};

/// The entries as U-Boot reads them (extlinux.conf).
std::string extlinux_menu(const boot_disk_content& content);

/// One of them as systemd-boot reads it (the Boot Loader Specification's type 1).
std::string loader_entry(const boot_disk_content& content, const std::string& title,
                         const std::string& more_arguments);

/// A raw disk with a GPT and one FAT partition, kept in `folder` for as long as nothing it is made
/// of changes, the few used last. Throws an infrastructure error.
std::filesystem::path find_boot_disk(const boot_disk_content& content,
                                     const std::filesystem::path& folder,
                                     const build_options& options);

}  // namespace qh
