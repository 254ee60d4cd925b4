// Which kernel modules an initrd must load, in which order, from the modules themselves: Debian's
// kernel package has no modules.dep, which depmod makes when the package is installed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "image/progress/build_options.hpp"

namespace qh {

/// The names in a module's `depends=` (its .modinfo section; see modinfo(8)).
std::vector<std::string> module_dependencies(std::string_view module_bytes);

/// `wanted` and all they depend on, each after its dependencies and once. `dependencies_of(name)`
/// answers for one module. Names are as lsmod has them: `_` for `-`.
/// Throws an infrastructure error where modules depend on each other in a circle.
std::vector<std::string> module_load_order(
    const std::vector<std::string>& wanted,
    const std::function<std::vector<std::string>(const std::string&)>& dependencies_of);

/// A module ready to be loaded.
struct kernel_module {
    std::string name;
    std::string content;  ///< decompressed
};

/// The modules to load, in order, from a kernel's folder (…/modules/6.12.0); those built into the
/// kernel are left out. Throws a usage error that names a module the kernel does not have.
std::vector<kernel_module> load_kernel_modules(const std::filesystem::path& kernel_folder,
                                               const std::vector<std::string>& wanted);

/// Whether a package's name says that it is a kernel: linux-image-6.12.0-riscv64.
bool is_kernel_package(const std::string& name);

/// Makes what modprobe looks modules up in, for each kernel in usr/lib/modules of a disk's tree
/// with its usrmerge links; else the guest would need minutes for it. Throws an infrastructure
/// error.
void index_kernel_modules(const std::filesystem::path& tree, const build_options& options);

/// Throws an infrastructure error where this host has no depmod.
void check_module_tools();

}  // namespace qh
