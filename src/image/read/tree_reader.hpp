// Whatever holds a guest's files - a folder, an archive, a disk - as a list of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/byte_source.hpp"

namespace qh {

/// A file or a symbolic link. Of a path that comes several times in an archive, the last is what a
/// guest sees.
struct tree_entry {
    /// Relative to the root, without "." and "..": "usr/bin/sh". What is in a file stands behind it
    /// in parentheses: "usr/lib/libc.a(exit.o)", "ext4.ko.xz(ext4.ko)".
    std::string path;
    /// The content, during the call, where it is an ELF file; null for all others.
    const byte_source* program = nullptr;
    std::string link;  ///< of a symbolic link: where it leads
};

using tree_visitor = std::function<void(const tree_entry&)>;

struct tree_summary {
    std::string kind;                ///< "folder", "initramfs", "ext4 filesystem"
    std::uint64_t files = 0;         ///< regular ones
    std::vector<std::string> notes;  ///< what a person should know: parts that cannot be read
};

/// What an archive or a filesystem may have; beyond it is taken for an attack.
struct tree_limits {
    bool looks_into_files = true;     ///< for objects in .a archives, and compressed kernel modules
    std::uint64_t files = 1'000'000;  ///< of all kinds
    std::uint64_t unpacked_bytes = 16ull << 30;
};

/// Reads a folder (on `jobs` threads, which call `visit` at a time), a tar or cpio archive in any
/// compression of libarchive's, several of them one after the other as the kernel takes an
/// initramfs, an ext2, ext3 or ext4 filesystem, the only one of those on a disk with partitions, a
/// filesystem or disk in a qcow2 image, or a single ELF file or what has some in it. Nothing is
/// unpacked by its name, no link is followed. Throws a usage error where `path` is none of them
/// or broken or beyond the limits, and an infrastructure error where the host fails.
tree_summary read_tree(const std::filesystem::path& path, unsigned jobs, const tree_visitor& visit,
                       const tree_limits& limits = {});

/// A path without its "." and "..", which stay below the root as for a process that has it as its
/// root, and without a slash in front.
std::string tree_path(std::string_view path);

}  // namespace qh
