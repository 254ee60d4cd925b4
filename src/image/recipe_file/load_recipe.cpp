// Where recipes are found.
#include "image/recipe_file/load_recipe.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/locations.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;

fs::path recipe_folder() {
    return data_directory() / "images";
}

error unknown_recipe(const std::string& name) {
    const auto names = recipe_names();
    const std::vector<std::string_view> views(names.begin(), names.end());
    const std::string near = closest(name, views);
    return usage_error("there is no image \"{}\"; images: {}; or name a recipe file (NAME.json){}",
                       printable(name), fmt::join(names, ", "),
                       near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
}

}  // namespace

recipe load_recipe(const std::string& name_or_path) {
    fs::path path = name_or_path;
    if (name_or_path.find('/') == std::string::npos && path.extension() != ".json") {
        path = recipe_folder() / (name_or_path + ".json");
        if (!fs::is_regular_file(path)) throw unknown_recipe(name_or_path);
    }
    return parse_recipe(read_file(path), path);
}

std::vector<std::string> recipe_names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(recipe_folder()))
        if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

}  // namespace qh
