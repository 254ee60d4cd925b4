#include "image/package/debian_mirror.hpp"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/package/package_list.hpp"
#include "process/tool.hpp"
#include "process/tool_path.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

/// A field of /etc/os-release (os-release(5)), unquoted; empty where there is none.
std::string os_release_field(std::string_view name) {
    const fs::path file = "/etc/os-release";
    if (!fs::exists(file)) return {};
    const std::string content = read_file(file);
    for (const auto line : split_lines(content)) {
        if (!line.starts_with(name) || line.substr(name.size(), 1) != "=") continue;
        auto value = trim(line.substr(name.size() + 1));
        if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
        return std::string(value);
    }
    return {};
}

std::optional<std::string> mirror_of_host() {
    const std::string codename =
        os_release_field("ID") == "debian" ? os_release_field("VERSION_CODENAME") : "";
    tool_command list;
    list.argv = {"apt-get", "indextargets", "--format", std::string(mirror_format),
                 "Created-By: Packages"};
    if (auto found = choose_mirror(run_tool(list), codename)) return found;
    // Where apt's lists were emptied, as in container images, its sources still name the mirror.
    list.argv.insert(list.argv.begin() + 2, "--no-release-info");
    return choose_mirror(run_tool(list), codename);
}

std::optional<std::string> mirror_of_bootstrap_tool() {
    for (const char* const program : {"mmdebstrap", "debootstrap"}) {
        const fs::path script = find_tool(program);
        if (script.empty()) continue;
        if (auto found = default_mirror_in(read_file(script))) return found;
    }
    return std::nullopt;
}

}  // namespace

std::string find_debian_mirror(const recipe& wanted) {
    if (wanted.mirror) return *wanted.mirror;
    if (const char* const chosen = std::getenv("QHARNESS_DEBIAN_MIRROR"); chosen && *chosen)
        return chosen;
    if (const auto found = mirror_of_host()) return *found;
    if (const auto found = mirror_of_bootstrap_tool()) return *found;
    throw usage_error(
        "this host's apt has no Debian archive; set QHARNESS_DEBIAN_MIRROR to the address of one "
        "that has {} for {}, or install debootstrap",
        wanted.suite, wanted.architecture);
}

std::string debian_keyring() {
    const char* const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    if (!fs::exists(keyring))
        throw infrastructure_error(
            "Debian's keys are missing ({}); install them with: apt-get install "
            "debian-archive-keyring",
            keyring);
    return keyring;
}

}  // namespace qh
