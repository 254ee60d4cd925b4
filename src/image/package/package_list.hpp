// What apt prints, read: pure functions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// A Debian package that apt has chosen.
struct package {
    std::string name;
    std::string version;
    std::string architecture;  ///< "all" where it serves every one
    std::string file_name;     ///< as apt stores it: a version's `:` is `%3a`
    std::uint64_t bytes = 0;
    std::string sha256;
    std::filesystem::path file;  ///< where it is once downloaded; apt_root sets it
};

/// Reads what `apt-get --print-uris` prints (with Acquire::ForceHash=SHA256): lines of
/// `'address' file size SHA256:hash`. Other lines are passed over.
/// Throws an infrastructure error on a line of that kind without a usable file name or hash.
std::vector<package> parse_print_uris(std::string_view output);

/// The first package in the Depends field of `apt-cache show`'s output whose name starts with
/// `prefix`, or empty.
std::string find_dependency(std::string_view show_output, std::string_view prefix);

/// The address of the Debian archive that the host itself installs from, out of
/// `apt-get indextargets` in the format `mirror_format`; never a security archive. Where apt has
/// no lists yet it cannot tell an archive's origin: then the entry for `host_codename` counts.
std::optional<std::string> choose_mirror(std::string_view targets, std::string_view host_codename);

inline constexpr std::string_view mirror_format = "$(SITE)|$(ORIGIN)|$(LABEL)|$(RELEASE)";

/// The mirror that the script of mmdebstrap or debootstrap uses when it is given none.
std::optional<std::string> default_mirror_in(std::string_view script);

}  // namespace qh
