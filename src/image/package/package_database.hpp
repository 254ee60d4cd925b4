// What dpkg's own run would have noted of the packages of a disk, so that a guest can ask dpkg
// which packages it has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/content/guest_tree.hpp"
#include "image/package/package_list.hpp"

namespace qh {

/// How far dpkg is taken to have come.
enum class package_state {
    unpacked,  ///< and the maintainer scripts are there for it to run
    installed
};

/// A package's entry in dpkg's status file, from its control file (deb-control(5)).
std::string status_entry(std::string_view control, package_state state);

/// Writes dpkg's database where dpkg is one of the packages. Throws an infrastructure error.
void write_package_database(const std::vector<package>& packages, package_state state,
                            guest_tree& tree);

}  // namespace qh
