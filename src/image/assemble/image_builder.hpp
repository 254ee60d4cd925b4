// One image, made of its packages and its bases in a folder of its own.
#pragma once

#include <filesystem>
#include <string>

#include "image/package/package_choice.hpp"
#include "image/progress/build_phases.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// Where the bases of a recipe are on this host; empty for what has none.
struct base_paths {
    std::filesystem::path prebuilt, initrd, disk;
};

/// All that an image is made of, on this host.
struct image_parts {
    const recipe& from;
    const package_choice& packages;
    const base_paths& bases;
    const std::string& digest;  ///< of it all
};

bool has_kernel_in_disk(const package_choice& packages);

/// Makes kernel, initrd and maybe disk.qcow2 in `work`/result; returns the kernel's version, empty
/// where the recipe brings its own kernel. Throws an infrastructure error, or a usage error where
/// the recipe asks for what its parts do not have.
std::string make_image(const image_parts& parts, const std::filesystem::path& work,
                       build_phases& phases);

}  // namespace qh
