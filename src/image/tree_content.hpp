// What a recipe itself brings into a tree.
#pragma once

#include "image/guest_tree.hpp"
#include "image/recipe.hpp"

namespace qh {

/// Adds the recipe's folders, links, files, users and services to what its base and its packages
/// have brought. Throws a usage error where it does not fit those, else an infrastructure error.
void add_recipe_content(const tree_recipe& content, guest_tree& tree);

/// The link that makes `level` start `service`: a target of systemd wants the unit, a run level of
/// OpenRC holds the script.
struct service_link {
    std::string path, target;
};
service_link enable(const std::string& service, const std::string& level);

}  // namespace qh
