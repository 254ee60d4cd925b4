#include "image/content/tree_content.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/content/guest_users.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

/// What a package's script would have made of a folder's files, such as a certificate bundle.
std::string join_files(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(folder, absent))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::ranges::sort(files);
    std::string joined;
    for (const auto& file : files) joined += read_file(file);
    if (joined.empty())
        throw infrastructure_error("no package brought files for the recipe to join in {}",
                                   folder.string());
    return joined;
}

void add_service(const std::string& service, const std::string& level, guest_tree& tree) {
    const auto link = enable(service, level);
    std::error_code unknown;
    const auto there = fs::symlink_status(tree.root() / link.target.substr(1), unknown).type();
    if (there == fs::file_type::not_found)
        throw usage_error("the recipe starts \"{}\" in \"{}\", and nothing has brought {}",
                          printable(service), printable(level), printable(link.target));
    tree.make_link(link.path, link.target);
}

}  // namespace

service_link enable(const std::string& service, const std::string& level) {
    if (!level.ends_with(".target"))
        return {fmt::format("etc/runlevels/{}/{}", level, service), "/etc/init.d/" + service};
    const auto at = service.find('@');
    const auto type = service.rfind('.');
    const bool instance = at != service.npos && type != service.npos && at < type;
    const auto unit = instance ? service.substr(0, at + 1) + service.substr(type) : service;
    return {fmt::format("etc/systemd/system/{}.wants/{}", level, service),
            "/usr/lib/systemd/system/" + unit};
}

void add_recipe_files(const tree_recipe& content, guest_tree& tree) {
    for (const auto& [path, mode] : content.directories) tree.make_directory(path, mode);
    for (const auto& [path, target] : content.links) tree.make_link(path, target);
    for (const auto& [path, file] : content.files)
        tree.write_file(path,
                        file.joined_folder.empty() ? file.content
                                                   : join_files(tree.root() / file.joined_folder),
                        file.mode);
}

void check_users(const tree_recipe& content, const guest_tree& tree) {
    auto files = users_in(tree);
    for (const auto& [path, text] : {std::pair("etc/passwd", &files.passwd),
                                     {"etc/group", &files.group},
                                     {"etc/shadow", &files.shadow}})
        if (const auto own = content.files.find(path); own != content.files.end())
            *text = own->second.content;
    with_users(std::move(files), content.users);
}

void add_users_and_services(const tree_recipe& content, guest_tree& tree) {
    write_users(tree, content.users);
    add_services(content, tree);
}

void add_services(const tree_recipe& content, guest_tree& tree) {
    for (const auto& [level, services] : content.services)
        for (const auto& service : services) add_service(service, level, tree);
}

}  // namespace qh
