#include "scenario/step_texts.hpp"

#include "scenario/step_needs.hpp"
#include "scenario/steps/pattern_reader.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {

void for_each_text(const json_document& document, const json_path& path,
                   const std::function<void(const json_path&, const std::string&)>& look) {
    const json& value = document.root().at(path);
    if (value.is_string()) look(path, value.get_ref<const std::string&>());
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i) for_each_text(document, path / i, look);
    if (value.is_object())
        for (const auto& [key, inner] : value.items()) for_each_text(document, path / key, look);
}

bool has_member(const step_source& source, const std::string& key) {
    return source.document->root().at(source.path).contains(key);
}

json_path place_of_text(const step_source& source, const std::string& key,
                        const std::string& text) {
    if (!has_member(source, key)) return source.path;
    const auto path = source.path / key;
    const json& value = source.document->root().at(path);
    if (value == json(text)) return path;
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i)
            if (value[i] == json(text)) return path / i;
    return source.path;
}

std::set<std::string> captured_names(const step& step) {
    std::set<std::string> names;
    const auto add = [&](const std::string& regex) {
        for (auto& name : group_names(regex)) names.insert(std::move(name));
    };
    add(step.capture);
    if (const auto* expect = std::get_if<expect_step>(&step.action))
        for (const auto& pattern : expect->patterns) add(pattern.regex);
    return names;
}

std::set<std::string> used_names(const step_source& source, const step& step) {
    std::set<std::string> names;
    for_each_text(*source.document, source.path, [&](const json_path&, const std::string& text) {
        for (auto& one : placeholders(text)) names.insert(std::move(one.name));
    });
    for (const auto* comparisons : {&step.when, &step.checks})
        for (const auto& text : *comparisons) names.merge(names_compared(text));
    return names;
}

}  // namespace qh
