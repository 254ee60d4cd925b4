#include "matrix/cell_scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "image/recipe_file/load_recipe.hpp"
#include "scenario/load.hpp"

namespace qh {

namespace {

/// Where a cell's scenario is named: the first place that does.
json_path place_of_scenario(const json_document& document, const std::string& scenario) {
    for (const auto* list : {"/scenarios", "/axes/scenario"}) {
        const json_path path(list);
        if (!document.root().contains(path) || !document.root().at(path).is_array()) continue;
        const auto& values = document.root().at(path);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (values[i] == scenario) return path / i;
    }
    const json_path include("/include");
    if (document.root().contains(include))
        for (std::size_t i = 0; i < document.root().at(include).size(); ++i)
            if (document.root().at(include / i).value("scenario", json()) == scenario)
                return include / i / "scenario";
    return json_path();
}

bool names_an_image(const cell& what) {
    const auto found = what.point.find("image");
    return found != what.point.end() && !found->second.empty();
}

}  // namespace

void check_image(const std::string& image, const json_document& document, const json_path& place) {
    try {
        load_recipe(image);
    } catch (const error& e) {
        throw document.problem(place, e.what());
    }
}

void check_scenarios(const expanded_matrix& read, const json_document& document,
                     problem_list& problems) {
    std::set<std::string> told;
    std::map<std::string, std::set<std::string>> known;  // scenario → its parameters
    std::map<std::string, std::string> images;  // scenario → its image, till it is checked
    for (const auto& cell : read.cells) {
        const auto named = cell.point.find("scenario");
        if (named == cell.point.end()) continue;  // which was told of the matrix
        const auto& scenario = named->second;
        const auto place = place_of_scenario(document, scenario);
        if (!known.contains(scenario)) {
            known[scenario];
            problems.attempt([&] {
                try {
                    const auto loaded =
                        read_scenario(scenario_file(read.what, scenario), {}, problems);
                    for (const auto& [name, value] : loaded.parameters.items())
                        known[scenario].insert(name);
                    images[scenario] = loaded.machine.image;
                } catch (const document_error&) {
                    throw;
                } catch (const error& e) {
                    throw document.problem(place, e.what());
                }
            });
        }
        if (auto image = std::exchange(images[scenario], ""); !image.empty()) {
            if (names_an_image(cell))
                images[scenario] = image;  // another cell may leave it to the scenario
            else
                problems.attempt([&] { check_image(image, document, place); });
        }
        const auto check = [&](const std::string& name) {
            if (known[scenario].contains(name) || !told.insert(scenario + '\n' + name).second)
                return;
            problems.add(document.problem(
                place, fmt::format("{} has no parameter \"{}\"", scenario, printable(name))));
        };
        for (const auto& [name, value] : cell.settings.params) check(name);
        for (const auto& [name, value] : cell.point)
            if (std::ranges::find(standard_axes, name) == standard_axes.end()) check(name);
    }
}

}  // namespace qh
