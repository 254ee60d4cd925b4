// An image that another tool has made, such as Buildroot's output/images.
#pragma once

#include <filesystem>
#include <string>

#include "image/progress/build_phases.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// Takes what `wanted` names out of `folder` into `result`, as the cache has it. Returns the kernel
/// arguments that this needs beyond the recipe's, such as where the root is. Throws a usage error
/// that names the files looked for where one is missing, else an infrastructure error.
std::string take_prebuilt(const prebuilt_recipe& wanted, const std::filesystem::path& folder,
                          const std::filesystem::path& result, build_phases& phases);

}  // namespace qh
