#include "base/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "base/error.hpp"
#include "base/files.hpp"

namespace qh {
namespace {

class sha256 {
  public:
    sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
        if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
            throw error(fault::internal, "OpenSSL offers no SHA-256");
    }

    void add(const void* data, std::size_t size) { EVP_DigestUpdate(context_.get(), data, size); }

    std::string hex() {
        std::array<unsigned char, 32> digest{};
        EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
        std::string text;
        for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
        return text;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    sha256 hash;
    hash.add(bytes.data(), bytes.size());
    return hash.hex();
}

std::string sha256_hex_of_file(const std::filesystem::path& path) {
    sha256 hash;
    for_each_block(path, [&](std::string_view block) { hash.add(block.data(), block.size()); });
    return hash.hex();
}

}  // namespace qh
