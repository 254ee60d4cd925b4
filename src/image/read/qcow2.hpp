// QEMU's disk images.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/files.hpp"

namespace qh {

/// Whether a file that begins so is a qcow2 image.
bool is_qcow2(std::string_view beginning);

/// The image's content as a raw, sparse file in the cache folder that has no name, so that it goes
/// with us. `beginning` is the image's. Source: QEMU documentation, "Qcow2 Image File Format".
/// Throws a usage error for images that lean on other files or are larger than 64 GiB, and an
/// infrastructure error where qemu-img fails.
unique_fd unpack_qcow2(const std::filesystem::path& path, std::string_view beginning);

}  // namespace qh
