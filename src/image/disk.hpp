// A guest's disk: an ext4 filesystem in a compressed qcow2 file.
#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>

#include "image/build_options.hpp"

namespace qh {

/// What a disk is made from.
struct disk_content {
    std::filesystem::path tree;    ///< becomes the root folder, everything owned by root
    std::uint64_t size_bytes = 0;  ///< of the filesystem; the file is as large as its content
    std::string uuid;              ///< of the filesystem, and the seed of its folder hashes
    std::time_t time = 0;          ///< its creation time
};

/// Writes the disk; `scratch` has room for the content once more. Works for a plain user through
/// a user namespace. Throws an infrastructure error, which says so where there are none.
void write_disk(const disk_content& content, const std::filesystem::path& disk,
                const std::filesystem::path& scratch, const build_options& options);

}  // namespace qh
