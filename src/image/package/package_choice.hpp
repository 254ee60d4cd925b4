// The packages of a build: chosen by apt, downloaded, verified.
#pragma once

#include <filesystem>
#include <vector>

#include "image/package/package_list.hpp"
#include "image/progress/build_phases.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// All packages a build unpacks, each in its file in the cache.
struct package_choice {
    std::vector<package> kernel;  ///< one
    std::vector<package> initrd;
    std::vector<package> disk;
    std::vector<package> native_python;  ///< for this host's architecture; see compile_python

    /// Those that end up in the guest, each once, by file name.
    std::vector<package> in_guest() const;
};

/// Resolves and downloads what `wanted` needs into `cache`. Builds of any image take turns.
/// Errors are those of find_debian_mirror and apt_root.
package_choice choose_packages(const recipe& wanted, const std::filesystem::path& cache,
                               build_phases& phases);

}  // namespace qh
