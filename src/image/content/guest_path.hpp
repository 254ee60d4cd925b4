// Paths inside a guest: kept within it, moved to where Debian has them today, left out by pattern.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// A path relative to the guest's root: "./bin/sh" gives "bin/sh"; empty for the root itself.
/// Throws an infrastructure error on an absolute path and on one with "..".
std::string path_within_guest(std::string_view member);

/// A package member's path in the guest, relative to its root: "./bin/sh" gives "usr/bin/sh",
/// for /bin, /sbin, /lib and /lib64 are links into /usr (Debian's usrmerge). Empty for the root
/// itself and for those links, which are the recipe's to make.
/// Throws an infrastructure error on an absolute path and on one with "..".
std::string guest_path(std::string_view member);

/// Patterns of paths to leave out, as a shell's: `*` also matches `/`, and a pattern that matches
/// a folder leaves out what is in it.
class path_exclusions {
  public:
    explicit path_exclusions(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}

    /// `path` is relative to the guest's root.
    bool exclude(const std::string& path) const;

  private:
    std::vector<std::string> patterns_;
};

}  // namespace qh
