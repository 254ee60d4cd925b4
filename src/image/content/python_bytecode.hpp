// Byte-compiles a guest's Python modules with a native Python of the guest's own suite: compiled
// files do not depend on the architecture, and the guest would take minutes to make them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "image/progress/build_options.hpp"

namespace qh {

/// A native Python, unpacked from Debian packages and run where it lies, by its own loader.
struct native_python {
    std::filesystem::path root;
};

/// Writes the .pyc files of all modules below `folders` of the guest tree. They are of the kind
/// that Python does not check against the source (PEP 552), so file times do not matter.
/// Files that are not valid Python are passed over, as Debian's own py3compile does.
/// Throws an infrastructure error.
void compile_python(const native_python& python, const std::filesystem::path& tree,
                    const std::vector<std::string>& folders, const build_options& options);

}  // namespace qh
