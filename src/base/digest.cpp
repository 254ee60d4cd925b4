#include "base/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

#include "base/error.hpp"

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
    std::ifstream file(path, std::ios::binary);
    sha256 hash;
    std::array<char, 1 << 16> buffer;
    while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0)
        hash.add(buffer.data(), static_cast<std::size_t>(file.gcount()));
    if (file.bad() || !file.eof()) throw infrastructure_error("cannot read {}", path.string());
    return hash.hex();
}

}  // namespace qh
