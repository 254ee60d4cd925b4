// Guest images: a recipe made into a kernel, an initrd and maybe a disk, kept in the cache.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "image/progress/build_options.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// A built image.
struct image {
    std::string name;
    std::string digest;  ///< of all it was made of: recipe, files, packages' versions
    std::filesystem::path kernel;
    std::filesystem::path initrd;               ///< empty where the kernel mounts the disk itself
    std::optional<std::filesystem::path> disk;  ///< qcow2; the guest expects it as /dev/vda
    std::string append;                         ///< kernel arguments beyond console=ttyS0
};

/// The image last built from this recipe, or nothing: reads a small manifest and looks at the
/// files' sizes, and runs nothing.
std::optional<image> find_cached(const recipe& wanted);

/// Builds the image, or finds that the newest packages are those of one in the cache. Builders of
/// the same image wait for one another. Nothing is left in the cache by a build that fails.
/// Throws an infrastructure error (network, disk space, a missing program) with its remedy, and an
/// interrupted error once `options.stop` is true.
image build_image(const recipe& wanted, const build_options& options);

}  // namespace qh
