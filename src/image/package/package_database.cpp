#include "image/package/package_database.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "image/package/deb.hpp"

namespace qh {

namespace {

constexpr const char* folder = "var/lib/dpkg";

/// Files of a package that may be there for several architectures are named with its own.
std::string info_name(const package& one, std::string_view control) {
    const bool is_shared = control.find("\nMulti-Arch: same\n") != std::string_view::npos;
    return is_shared ? one.name + ":" + one.architecture : one.name;
}

void write_info(const package& one, const std::vector<control_file>& files,
                std::string_view control, guest_tree& tree) {
    const auto base = fmt::format("{}/info/{}", folder, info_name(one, control));
    for (const auto& file : files)
        if (file.name != "control" && file.name.find('/') == std::string::npos)
            tree.write_file(fmt::format("{}.{}", base, file.name), file.content, file.mode);
    tree.write_file(base + ".list", "/.\n", 0644);
}

}  // namespace

std::string status_entry(std::string_view control, package_state state) {
    std::string entry;
    for (const auto line : split_lines(trim(control))) {
        entry += fmt::format("{}\n", line);
        if (line.starts_with("Package:"))
            entry += fmt::format("Status: install ok {}\n",
                                 state == package_state::unpacked ? "unpacked" : "installed");
    }
    return entry + "\n";
}

void write_package_database(const std::vector<package>& packages, package_state state,
                            guest_tree& tree) {
    if (std::ranges::find(packages, "dpkg", &package::name) == packages.end()) return;
    tree.make_directory(fmt::format("{}/info", folder), 0755);
    tree.make_directory(fmt::format("{}/updates", folder), 0755);
    std::string status;
    for (const auto& one : packages) {
        const auto files = read_control_files(one.file);
        const auto& control = std::ranges::find(files, "control", &control_file::name)->content;
        status += status_entry(control, state);
        if (state == package_state::unpacked) write_info(one, files, control, tree);
    }
    tree.write_file(fmt::format("{}/status", folder), status, 0644);
    tree.write_file(fmt::format("{}/available", folder), "", 0644);
}

}  // namespace qh
