// Where qharness finds what it ships and keeps what it builds.
#pragma once

#include <filesystem>

namespace qh {

/// The folder that holds `scenarios/` and `images/`: $QHARNESS_DATA_DIR, else `share/qharness`
/// beside an installed program, else the source tree that the program was built from.
/// Throws a usage error where none of them exists.
std::filesystem::path data_directory();

/// The folder for built images and downloaded packages: $QHARNESS_CACHE_DIR, else
/// `qharness` in $XDG_CACHE_HOME or ~/.cache. It may not exist yet.
std::filesystem::path cache_directory();

}  // namespace qh
