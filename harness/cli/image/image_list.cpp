#include "cli/image/image_list.hpp"

#include <algorithm>
#include <optional>

#include "base/units.hpp"
#include "image/image_store.hpp"
#include "image/recipe_file/load_recipe.hpp"

namespace qh {

namespace {

std::chrono::seconds since(std::filesystem::file_time_type then) {
    using namespace std::chrono;
    return std::max(seconds(0), duration_cast<seconds>(decltype(then)::clock::now() - then));
}

/// "3 days", of the largest unit that fits.
std::string format_age(std::chrono::seconds age) {
    using namespace std::chrono;
    if (age >= days(1)) return fmt::format("{} d", duration_cast<days>(age).count());
    if (age >= hours(1)) return fmt::format("{} h", duration_cast<hours>(age).count());
    return fmt::format("{} min", duration_cast<minutes>(age).count());
}

}  // namespace

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
        if (has_recipe && !current)
            listed.push_back({name, "not built", 0, "", std::nullopt, description});
        for (const auto& one : image_store(name).list()) {
            const bool is_current = current && current->digest == one.files.digest;
            listed.push_back({name,
                              is_current   ? "current"
                              : has_recipe ? "old"
                                           : "own",
                              one.bytes, one.folder.string(), since(one.used), description});
        }
    }
    return listed;
}

json to_json(const std::vector<listed_image>& images) {
    json document = json::array();
    for (const auto& one : images)
        document.push_back(
            {{"name", one.name},
             {"state", one.state},
             {"bytes", one.bytes},
             {"folder", one.folder},
             {"unused_for_s", one.unused_for ? json(one.unused_for->count()) : json()},
             {"description", one.description}});
    return document;
}

std::string to_text(const std::vector<listed_image>& images) {
    std::string text;
    for (const auto& one : images)
        text += fmt::format("{:<16} {:<9} {:>8} {:>9}  {}\n", one.name, one.state,
                            one.bytes == 0 ? "-" : format_size(one.bytes),
                            one.unused_for ? format_age(*one.unused_for) : "-",
                            one.folder.empty() ? one.description : one.folder);
    return text;
}

}  // namespace qh
