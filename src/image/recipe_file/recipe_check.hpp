// What is wrong with a recipe that no part of it shows alone, told before anything is built.
#pragma once

#include "image/recipe_file/recipe_parts.hpp"

namespace qh {

/// Users without a uid, uids that are taken, groups and services that are not there: wherever the
/// recipe alone decides, as it brings the files itself or nothing else does. The tree was read at
/// `at`. What a base or packages bring is known once they are unpacked; see add_users_and_services.
void check_tree_recipe(recipe_input& input, const json_path& at, const tree_recipe& tree);

}  // namespace qh
