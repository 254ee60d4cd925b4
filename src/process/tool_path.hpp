// Where the programs that we start are installed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace qh {

/// The program's full path, or an empty path where it is in none of PATH, /usr/sbin and /sbin.
/// A name with a slash is a path already, and is returned as it is.
std::filesystem::path find_tool(const std::string& program);

/// The same, but throws an infrastructure error with the package to install where it is not there.
/// Throws an internal error where `tool_packages` does not have it: `doctor` would not know it.
std::filesystem::path require_tool(const std::string& program);

/// The same for a program that the user may name, which is usually in `package`.
std::filesystem::path require_tool(const std::string& program, std::string_view package);

}  // namespace qh
