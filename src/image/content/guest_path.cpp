#include "image/content/guest_path.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::array<std::string_view, 4> merged_folders = {"bin", "lib", "lib64", "sbin"};

}  // namespace

std::string path_within_guest(std::string_view member) {
    if (member.starts_with('/'))
        throw infrastructure_error("refused the absolute path {}", printable(member));
    std::string path;
    for (std::size_t start = 0; start < member.size();) {
        const auto end = std::min(member.find('/', start), member.size());
        const auto part = member.substr(start, end - start);
        start = end + 1;
        if (part.empty() || part == ".") continue;
        if (part == "..")
            throw infrastructure_error("refused the path {}, which leads out of the guest",
                                       printable(member));
        if (!path.empty()) path += '/';
        path += part;
    }
    return path;
}

std::string guest_path(std::string_view member) {
    const auto path = path_within_guest(member);
    const auto first = std::string_view(path).substr(0, path.find('/'));
    if (std::ranges::find(merged_folders, first) == merged_folders.end()) return path;
    return first.size() == path.size() ? std::string() : "usr/" + path;
}

bool path_exclusions::exclude(const std::string& path) const {
    return std::ranges::any_of(patterns_, [&](const std::string& pattern) {
        return ::fnmatch(pattern.c_str(), path.c_str(), FNM_LEADING_DIR) == 0;
    });
}

}  // namespace qh
