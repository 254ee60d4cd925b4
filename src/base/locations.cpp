#include "base/locations.hpp"

#include <cstdlib>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "build_config.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

std::optional<std::string> environment(const char* name) {
    const char* const value = std::getenv(name);
    if (!value || !*value) return std::nullopt;
    return value;
}

}  // namespace

fs::path data_directory() {
    if (const auto chosen = environment("QHARNESS_DATA_DIR")) return *chosen;
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path installed = program.parent_path().parent_path() / "share" / "qharness";
    for (const fs::path& candidate : {installed, fs::path(QHARNESS_SOURCE_ROOT)})
        if (fs::is_directory(candidate / "images", ignored)) return candidate;
    throw usage_error(
        "cannot find the scenarios and images that qharness ships ({} does not exist); "
        "reinstall it, or set QHARNESS_DATA_DIR to the folder that holds them",
        installed.string());
}

fs::path cache_directory() {
    if (const auto chosen = environment("QHARNESS_CACHE_DIR")) return *chosen;
    if (const auto xdg = environment("XDG_CACHE_HOME")) return fs::path(*xdg) / "qharness";
    if (const auto home = environment("HOME")) return fs::path(*home) / ".cache" / "qharness";
    throw usage_error("HOME is not set; set QHARNESS_CACHE_DIR to a folder for built images");
}

}  // namespace qh
