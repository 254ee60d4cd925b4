// Where the programs that we start are installed.
#pragma once

#include <filesystem>
#include <string>

namespace qh {

/// The program's full path, or an empty path where it is in none of PATH, /usr/sbin and /sbin.
/// A name with a slash is a path already, and is returned as it is.
std::filesystem::path find_tool(const std::string& program);

/// The same, but throws an infrastructure error that names the Debian package to install.
std::filesystem::path require_tool(const std::string& program, const std::string& package);

}  // namespace qh
