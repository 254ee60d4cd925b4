#include "image/package_database.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "image/deb.hpp"

namespace qh {

std::string status_entry(std::string_view control) {
    std::string entry;
    for (const auto line : split_lines(trim(control))) {
        entry += fmt::format("{}\n", line);
        if (line.starts_with("Package:")) entry += "Status: install ok installed\n";
    }
    return entry + "\n";
}

void write_package_database(const std::vector<package>& packages, guest_tree& tree) {
    if (std::ranges::find(packages, "dpkg", &package::name) == packages.end()) return;
    std::string status;
    for (const auto& one : packages) status += status_entry(read_control(one.file));
    tree.write_file("var/lib/dpkg/status", status, 0644);
    tree.write_file("var/lib/dpkg/available", "", 0644);
    tree.make_directory("var/lib/dpkg/info", 0755);
    tree.make_directory("var/lib/dpkg/updates", 0755);
}

}  // namespace qh
