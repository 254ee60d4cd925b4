// SHA-256, by OpenSSL.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace qh {

/// Lower-case hexadecimal SHA-256 of `bytes`.
std::string sha256_hex(std::string_view bytes);

/// Lower-case hexadecimal SHA-256 of a file's content. Throws an infrastructure error where it
/// cannot be read.
std::string sha256_hex_of_file(const std::filesystem::path& path);

}  // namespace qh
