// The parts of a recipe that stand in several places: trees of files and their bases.
#pragma once

#include <filesystem>
#include <string>

#include "base/object_reader.hpp"
#include "base/problem_list.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// A recipe while it is read. Each mistake goes on the list and the rest is read all the same.
struct recipe_input {
    const json_document& document;
    std::filesystem::path folder;  ///< the recipe's, to which its files are relative
    problem_list& problems;
    std::string sources = {};  ///< the files that it brings, for its digest
};

/// Throws the first mistake where the base is no object; all others go on the list.
base_source read_base(recipe_input& input, const json_path& at);

/// Reads what an initrd and a disk have in common out of `object`, and goes on after mistakes.
void read_tree_recipe(recipe_input& input, object_reader& object, tree_recipe& tree);

/// The guest path "/bin/sh" that stands at `at` as the tree has it, "usr/bin/sh": the links of
/// usrmerge themselves keep their names, for the recipe to make, and what has a base is as that is.
/// Throws where it is none.
std::string read_path_in_guest(const recipe_input& input, const json_path& at,
                               const std::string& path, const tree_recipe& tree);

}  // namespace qh
