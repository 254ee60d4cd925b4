// Files from the web, kept by their SHA-256.
#pragma once

#include <filesystem>
#include <string>

#include "image/progress/build_phases.hpp"

namespace qh {

/// A file by its address and the SHA-256 that it must have (64 lower-case hexadecimal digits).
struct web_file {
    std::string url;  ///< http or https
    std::string sha256;
};

bool is_web_address(const std::string& text);

/// The file, from `folder` if it is there. What an interrupted download has left is continued.
/// Throws an infrastructure error: with curl's own words where it cannot be fetched, with both
/// sums where its content is another; and an interrupted error once the caller asks to stop.
std::filesystem::path download(const web_file& wanted, const std::filesystem::path& folder,
                               build_phases& phases);

}  // namespace qh
