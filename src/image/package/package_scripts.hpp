// Has dpkg configure a disk's packages, for recipes that ask for it: by qemu-user where the guest
// is of another architecture, in namespaces of its own.
#pragma once

#include <vector>

#include "image/build/build_phases.hpp"
#include "image/content/guest_tree.hpp"
#include "image/package/package_list.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// Throws a usage error that says what to do where scripts could not be run here: we are not root,
/// qemu-user is missing, or the kernel has no binfmt_misc for namespaces (it has from 6.7 on) and
/// none of the host's. Takes milliseconds.
void check_script_tools(const recipe& wanted, const build_options& options);

/// Throws a usage error where dpkg, which runs the scripts, is not among the packages.
void check_has_dpkg(const std::vector<package>& disk);

/// Runs the preinst scripts and `dpkg --configure -a` in the tree, whose packages are unpacked and
/// in dpkg's database; `count` of them are told as progress. No network, no service is started,
/// what files the scripts give to others stays theirs. Throws an infrastructure error with dpkg's
/// words where a script fails.
void run_package_scripts(std::size_t count, guest_tree& tree, build_phases& phases);

}  // namespace qh
