#include "base/base64.hpp"

#include <openssl/evp.h>

#include <cctype>

namespace qh {
namespace {

std::string without_space(std::string_view text) {
    std::string kept;
    for (const char c : text)
        if (!std::isspace(static_cast<unsigned char>(c))) kept += c;
    return kept;
}

}  // namespace

std::string base64_encoded(std::string_view bytes) {
    std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    encoded.resize(static_cast<std::size_t>(length));
    return encoded;
}

std::optional<std::string> base64_decoded(std::string_view text) {
    const auto packed = without_space(text);
    if (packed.size() % 4 != 0) return std::nullopt;
    std::string bytes(packed.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                       reinterpret_cast<const unsigned char*>(packed.data()),
                                       static_cast<int>(packed.size()));
    if (length < 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && packed.size() > padding && packed[packed.size() - 1 - padding] == '=')
        ++padding;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

std::optional<std::string> hex_decoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto packed = without_space(text);
    if (packed.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < packed.size(); i += 2) {
        const auto high = digits.find(packed[i]), low = digits.find(packed[i + 1]);
        if (high == digits.npos || low == digits.npos) return std::nullopt;
        bytes += static_cast<char>(high * 16 + low);
    }
    return bytes;
}

}  // namespace qh
