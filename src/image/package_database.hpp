// What dpkg's own run would have noted of the packages of a disk, so that a guest can ask dpkg
// which packages it has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/guest_tree.hpp"
#include "image/package_list.hpp"

namespace qh {

/// A package's entry in dpkg's status file, from its control file (deb-control(5)): installed.
std::string status_entry(std::string_view control);

/// Writes var/lib/dpkg/status where dpkg is one of the packages. Throws an infrastructure error.
void write_package_database(const std::vector<package>& packages, guest_tree& tree);

}  // namespace qh
