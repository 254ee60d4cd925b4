// What a guest's tree begins with that is no package: a tarball or a folder.
#pragma once

#include <ctime>
#include <filesystem>
#include <functional>
#include <string>

#include "image/content/guest_tree.hpp"
#include "image/progress/build_phases.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// The base on this host, downloaded if need be, its checksum verified. Throws a usage error where
/// there is none, an infrastructure error that names both sums where they differ.
std::filesystem::path find_base(const base_source& base, const std::filesystem::path& downloads,
                                build_phases& phases);

/// SHA-256 of a tarball, or of a folder's paths, modes and contents.
std::string digest_of_base(const std::filesystem::path& base);

/// What changes when the base does, found without reading it: sizes and times.
std::string fingerprint_of_base(const std::filesystem::path& base);

/// Puts the files for which `wanted(path)` holds into `tree`, at the places they have in the base,
/// owned by us; devices are left out. Returns the newest one's time. A tarball (or a cpio archive)
/// may be compressed with gzip, bzip2, xz or zstd. Throws an infrastructure error: on paths that
/// lead out of the guest, on what cannot be read, on more than 64 GB or two million files.
std::time_t unpack_base(const std::filesystem::path& base, guest_tree& tree,
                        const std::function<bool(const std::string& path)>& wanted,
                        const std::atomic<bool>* stop);

}  // namespace qh
