// Has dpkg configure a disk's packages, for recipes that ask for it: by qemu-user where the guest
// is of another architecture, in namespaces of its own; or it is left to a guest.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "image/content/guest_tree.hpp"
#include "image/package/package_list.hpp"
#include "image/progress/build_phases.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// qemu-user's emulator of RISC-V; an empty path where there is none.
std::filesystem::path find_emulator();

/// Why scripts could not be run here, and what to do: we are not root, qemu-user is missing, or the
/// kernel has no binfmt_misc for namespaces (it has from 6.7 on) and none of the host's. None where
/// they could. Takes milliseconds.
std::optional<std::string> why_no_scripts_here(const recipe& wanted, const build_options& options);

/// Throws a usage error where the image is for programs that neither qemu-user nor a guest runs.
void check_scripts_architecture(const recipe& wanted);

/// Throws a usage error where the scripts can be run neither here nor in a guest.
void check_script_tools(const recipe& wanted, const build_options& options);

/// Throws a usage error where dpkg, which runs the scripts, is not among the packages.
void check_has_dpkg(const std::vector<package>& disk);

/// Runs the preinst scripts and `dpkg --configure -a` in the tree, whose packages are unpacked and
/// in dpkg's database; `count` of them are told as progress. No network, no service is started,
/// what files the scripts give to others stays theirs. Throws an infrastructure error with dpkg's
/// words where a script fails.
void run_package_scripts(std::size_t count, guest_tree& tree, build_phases& phases);

/// The script that a guest runs in the tree, below its root.
inline constexpr const char* guest_configure_script = "var/lib/dpkg/qharness-configure";

/// Forbids services to start (policy-rc.d) while it is there.
inline constexpr const char* no_services_file = "usr/sbin/policy-rc.d";

/// Writes both, for a disk_configurer; the packages are unpacked and in dpkg's database.
void leave_scripts_to_guest(guest_tree& tree);

}  // namespace qh
