#include "base/dated_folder.hpp"

#include <cctype>
#include <random>

#include "base/error.hpp"
#include "base/wall_clock.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr int most_attempts = 100;

}  // namespace

std::string file_name_part(std::string_view name) {
    constexpr std::size_t longest = 60;
    std::string part;
    for (const char c : name.substr(0, longest))
        part += std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' ? c : '-';
    return part;
}

unsigned random_number() {
    return std::random_device()();
}

fs::path make_dated_folder(const fs::path& parent, std::string_view name, std::string_view whose,
                           const std::function<unsigned()>& random) {
    std::error_code failure;
    fs::create_directories(parent, failure);
    for (int attempt = 0; attempt < most_attempts && !failure; ++attempt) {
        auto path = parent / fmt::format("{}-{}-{:04x}", utc_now("%Y%m%dT%H%M%SZ"),
                                         file_name_part(name), random() & 0xFFFF);
        if (fs::create_directory(path, failure)) return path;
    }
    if (!failure) failure = std::make_error_code(std::errc::file_exists);
    throw infrastructure_error("cannot make {} folder in {}: {}; choose another place with --out",
                               whose, fs::absolute(parent).string(), failure.message());
}

}  // namespace qh
