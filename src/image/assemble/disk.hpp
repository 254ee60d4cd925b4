// A guest's disk: an ext4 filesystem in a compressed qcow2 file.
#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>

#include "image/progress/build_options.hpp"

namespace qh {

/// What a disk is made from.
struct disk_content {
    std::filesystem::path tree;    ///< becomes the root folder, everything owned by root
    std::uint64_t size_bytes = 0;  ///< of the filesystem; the file is as large as its content
    std::string uuid;              ///< of the filesystem, and the seed of its folder hashes
    std::time_t time = 0;          ///< its creation time
};

/// Throws an infrastructure error where the others could not work: a program is missing, or a
/// plain user is not allowed to make user namespaces. Takes milliseconds.
void check_disk_tools(const build_options& options);

/// Makes the filesystem in the file `raw`. A plain user needs user namespaces. Throws an
/// infrastructure error.
void make_filesystem(const disk_content& content, const std::filesystem::path& raw,
                     const build_options& options);

/// Writes the raw disk's content as a compressed qcow2 file and removes the raw one. Throws an
/// infrastructure error.
void compress_disk(const std::filesystem::path& raw, const std::filesystem::path& disk,
                   const build_options& options);

}  // namespace qh
