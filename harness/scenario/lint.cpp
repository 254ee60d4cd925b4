#include "scenario/lint.hpp"

#include <algorithm>
#include <array>

#include "console/console_patterns.hpp"
#include "image/recipe_file/load_recipe.hpp"
#include "scenario/load.hpp"
#include "scenario/scenario_check.hpp"
#include "scenario/step_list.hpp"

namespace qh {
namespace {

enum class file_kind { scenario, included_file, failure_patterns, recipe };

file_kind kind_of(const json& root) {
    if (!root.is_object()) return file_kind::scenario;
    if (const auto schema = root.find("$schema"); schema != root.end() && schema->is_string()) {
        const auto& name = schema->get_ref<const std::string&>();
        if (name.ends_with("steps.schema.json")) return file_kind::included_file;
        if (name.ends_with("scenario.schema.json")) return file_kind::scenario;
        if (name.ends_with("recipe.schema.json")) return file_kind::recipe;
    }
    if (root.contains("initrd") || root.contains("take")) return file_kind::recipe;
    constexpr std::array only_scenarios_have = {"name",    "tags",         "machine",
                                                "timeout", "idle_timeout", "failures"};
    if (std::ranges::any_of(only_scenarios_have,
                            [&](const char* key) { return root.contains(key); }))
        return file_kind::scenario;
    if (root.contains("steps")) return file_kind::included_file;
    return root.contains("patterns") ? file_kind::failure_patterns : file_kind::scenario;
}

void lint_included_file(json_document& document, problem_list& problems) {
    step_list list(std::nullopt, problems);
    problems.attempt([&] { list.read_included(document); });
    check_scenario({}, list, problems);
}

/// Only to be told here: a run may be given another image, and a recipe's path is the caller's.
void check_image(const json_document& document, const std::string& image, problem_list& problems) {
    if (image.empty() || image.find('/') != std::string::npos || image.ends_with(".json")) return;
    try {
        load_recipe(image);
    } catch (const error& e) {
        problems.add(document.problem(json_path("/machine/image"), e.what()));
    }
}

}  // namespace

void lint_file(const std::filesystem::path& path, problem_list& problems) {
    problems.attempt([&] {
        auto document = json_document::load(path);
        switch (kind_of(document.root())) {
            case file_kind::scenario:
                check_image(document, read_scenario(path, {}, problems).machine.image, problems);
                break;
            case file_kind::included_file:
                lint_included_file(document, problems);
                break;
            case file_kind::recipe:
                parse_recipe(document, path, problems);
                break;
            case file_kind::failure_patterns:
                console_patterns{document};
                break;
        }
    });
}

}  // namespace qh
