// Bytes as text and back: base64 (RFC 4648), by OpenSSL, and hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qh {

std::string base64_encoded(std::string_view bytes);

/// Line breaks and other white space are passed over. None where `text` is no base64.
std::optional<std::string> base64_decoded(std::string_view text);

/// Pairs of digits, white space between them passed over. None where `text` is something else.
std::optional<std::string> hex_decoded(std::string_view text);

}  // namespace qh
