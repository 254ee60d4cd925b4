// What a recipe itself brings into a tree.
#pragma once

#include "image/content/guest_tree.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// Both add what the recipe brings to what its base and its packages have brought: folders, links
/// and files, on which scripts of packages may rely, and users and services, which may rely on
/// those. Throw a usage error where it does not fit, else an infrastructure error.
void add_recipe_files(const tree_recipe& content, guest_tree& tree);
void add_users_and_services(const tree_recipe& content, guest_tree& tree);

/// The latter alone, for a tree whose users are not known yet.
void add_services(const tree_recipe& content, guest_tree& tree);

/// What add_users_and_services would say against the users, told once the base is in `tree`: no
/// package brings users without its scripts.
void check_users(const tree_recipe& content, const guest_tree& tree);

/// The link that makes `level` start `service`: a target of systemd wants the unit, a run level of
/// OpenRC holds the script.
struct service_link {
    std::string path, target;
};
service_link enable(const std::string& service, const std::string& level);

}  // namespace qh
