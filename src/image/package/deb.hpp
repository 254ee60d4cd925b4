// Unpacks Debian packages (deb(5)) without dpkg.
#pragma once

#include <atomic>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "image/content/guest_tree.hpp"

namespace qh {

/// Puts the files of the package `deb` for which `wanted(path)` holds into `tree`, owned by us.
/// Device nodes and what maintainer scripts would do are left out. Returns the newest member's
/// time. Throws an infrastructure error that names the package, and an interrupted error once
/// `stop` is true.
std::time_t unpack_deb(const std::filesystem::path& deb, guest_tree& tree,
                       const std::function<bool(const std::string& path)>& wanted,
                       const std::atomic<bool>* stop);

/// A file of a package's control archive: "control", "postinst".
struct control_file {
    std::string name, content;
    mode_t mode = 0;
};

/// All of them (deb-control(5)); one is called "control". Throws an infrastructure error.
std::vector<control_file> read_control_files(const std::filesystem::path& deb);

}  // namespace qh
