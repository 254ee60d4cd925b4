// Where Debian packages come from on this host.
#pragma once

#include <string>

#include "image/recipe/recipe.hpp"

namespace qh {

/// Base address of a Debian archive: the recipe's, else $QHARNESS_DEBIAN_MIRROR, else the one that
/// the host's own apt uses, else the default of an installed mmdebstrap or debootstrap.
/// Throws a usage error that names the variable where there is none.
std::string find_debian_mirror(const recipe& wanted);

/// Debian's keys. Throws an infrastructure error that names the package where they are missing.
std::string debian_keyring();

}  // namespace qh
