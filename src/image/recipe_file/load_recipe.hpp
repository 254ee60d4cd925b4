// Recipes read from the files that they are written in.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/problem_list.hpp"
#include "image/recipe/recipe.hpp"

namespace qh {

/// The recipe `name_or_path`: a name in `images/` of the data directory, or a path to a .json
/// file (what contains a `/` or ends in ".json"). Throws a usage error: for an unknown name one
/// that lists the names, for a wrong recipe one that has each mistake's file:line:column.
recipe load_recipe(const std::string& name_or_path);

/// The names of the recipes in the data directory, sorted.
std::vector<std::string> recipe_names();

/// Reads a recipe's text. `path` names it in diagnostics; files are taken from beside it. Throws a
/// usage error that has all mistakes.
recipe parse_recipe(const std::string& text, const std::filesystem::path& path);

/// The same; mistakes go on the list, and what they concern is left out of the answer.
recipe parse_recipe(const json_document& document, const std::filesystem::path& path,
                    problem_list& problems);

}  // namespace qh
