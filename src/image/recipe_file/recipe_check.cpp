#include "image/recipe_file/recipe_check.hpp"

#include "base/text.hpp"
#include "image/content/guest_users.hpp"
#include "image/content/tree_content.hpp"

namespace qh {
namespace {

bool brings_all_itself(const tree_recipe& tree) {
    return !tree.base && tree.packages.empty();
}

/// The content that the file will have; nothing where only a build can tell.
std::optional<std::string> known_content(const tree_recipe& tree, const std::string& path) {
    const auto file = tree.files.find(path);
    if (file == tree.files.end())
        return brings_all_itself(tree) ? std::optional<std::string>("") : std::nullopt;
    return file->second.joined_folder.empty() ? std::optional(file->second.content) : std::nullopt;
}

void check_users(recipe_input& input, const json_path& at, const tree_recipe& tree) {
    const auto passwd = known_content(tree, "etc/passwd"), group = known_content(tree, "etc/group");
    if (!passwd || !group) return;
    user_files files{*passwd, *group, {}};
    for (const auto& [name, user] : tree.users) {
        auto without_password = user;
        without_password.password.reset();  // to hash one takes long
        try {
            files = with_users(std::move(files), {{name, without_password}});
        } catch (const error& e) {
            if (e.kind() != fault::usage) throw;
            return input.problems.add(input.document.problem(at / "users" / name, e.what()));
        }
    }
}

void check_services(recipe_input& input, const json_path& at, const tree_recipe& tree) {
    if (!brings_all_itself(tree)) return;
    for (const auto& [level, services] : tree.services)
        for (const auto& service : services) {
            const auto script = enable(service, level).target.substr(1);
            if (!tree.files.contains(script) && !tree.links.contains(script))
                input.problems.add(
                    input.document.problem(at / "services" / level,
                                           fmt::format("\"{}\" is started, and nothing brings /{}",
                                                       printable(service), printable(script))));
        }
}

}  // namespace

void check_tree_recipe(recipe_input& input, const json_path& at, const tree_recipe& tree) {
    if (input.problems.errors() > 0) return;  // what is left out of the tree would be missed here
    check_users(input, at, tree);
    check_services(input, at, tree);
}

}  // namespace qh
