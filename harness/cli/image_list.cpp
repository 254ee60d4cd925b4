#include "cli/image_list.hpp"

#include <algorithm>
#include <optional>

#include "base/units.hpp"
#include "image/image_store.hpp"

namespace qh {

std::vector<listed_image> list_images() {
    std::vector<listed_image> listed;
    auto names = stored_image_names();
    const auto recipes = recipe_names();
    names.insert(names.end(), recipes.begin(), recipes.end());
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    for (const auto& name : names) {
        const bool has_recipe = std::ranges::find(recipes, name) != recipes.end();
        std::optional<image> current;
        std::string description;
        if (has_recipe) {
            const recipe known = load_recipe(name);
            current = find_cached(known);
            description = known.description;
        }
        if (has_recipe && !current) listed.push_back({name, "not built", 0, "", description});
        for (const auto& one : image_store(name).list()) {
            const bool is_current = current && current->digest == one.files.digest;
            listed.push_back({name, is_current ? "current" : "old", one.bytes, one.folder.string(),
                              description});
        }
    }
    return listed;
}

json to_json(const std::vector<listed_image>& images) {
    json document = json::array();
    for (const auto& one : images)
        document.push_back({{"name", one.name},
                            {"state", one.state},
                            {"bytes", one.bytes},
                            {"folder", one.folder},
                            {"description", one.description}});
    return document;
}

std::string to_text(const std::vector<listed_image>& images) {
    std::string text;
    for (const auto& one : images)
        text += fmt::format("{:<16} {:<9} {:>8}  {}\n", one.name, one.state,
                            one.bytes == 0 ? "-" : format_size(one.bytes),
                            one.folder.empty() ? one.description : one.folder);
    return text;
}

}  // namespace qh
