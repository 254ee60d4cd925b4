#include "scenario/parameter_scope.hpp"

#include <cstdlib>

#include "base/files.hpp"
#include "base/text.hpp"
#include "scenario/text/comparison.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest_file = 1u << 20;

}  // namespace

json parameter_scope::read_default(const json_document& document, const json_path& path,
                                   const fs::path& folder) {
    const json& value = document.root().at(path);
    if (!value.is_structured() && !value.is_null()) return value;
    if (!value.is_object())
        throw document.problem(path,
                               "a parameter is a text, a number, true, false, {\"file\": path}, "
                               "{\"env\": name} or {\"default\": text, \"secret\": true}");
    object_reader source(document, path, "a parameter");
    if (!source.has("file")) return read_secret(source, path.back());
    const auto file = folder / source.text("file");
    source.finish();
    try {
        return read_file(file, largest_file);
    } catch (const error& e) {
        throw document.problem(path / "file", e.what());
    }
}

json parameter_scope::read_secret(object_reader& source, const std::string& name) {
    const bool has_default = source.has("default");
    std::string otherwise, variable;
    bool secret = false;
    problem_list problems;
    problems.attempt([&] { otherwise = source.text("default", ""); });
    problems.attempt([&] { secret = source.flag("secret", false); });
    problems.attempt([&] { variable = source.text("env", ""); });
    source.finish(problems);
    problems.throw_all();
    if (variable.empty() && !has_default)
        throw source.problem("expected one of \"file\", \"env\" and \"default\"");
    if (secret || !variable.empty()) secret_.insert(name);
    if (variable.empty()) return otherwise;
    if (const char* const given = std::getenv(variable.c_str())) return valid_utf8(given);
    if (!has_default) unmet_[name] = variable;
    return otherwise;
}

parameter_scope::parameter_scope(const json_document& document, const fs::path& folder,
                                 problem_list& problems) {
    if (!document.root().is_object() || !document.root().contains("params")) return;
    const json_path path("/params");
    const json& given = document.root().at(path);
    if (!given.is_object()) problems.add(document.problem(path, "\"params\" must be an object"));
    if (!given.is_object()) return;
    for (const auto& [name, value] : given.items())
        problems.attempt([&] {
            if (has_control_characters(name))
                throw document.problem(path / name,
                                       "a parameter's name is one line without control characters");
            values_[name] = read_default(document, path / name, folder);
        });
}

std::vector<std::string_view> parameter_scope::names() const {
    std::vector<std::string_view> names;
    for (const auto& item : values_.items()) names.push_back(item.key());
    return names;
}

void parameter_scope::set(const std::string& name, json value) {
    values_.at(name) = std::move(value);
    unmet_.erase(name);
}

std::vector<std::string> parameter_scope::secrets() const {
    std::vector<std::string> texts;
    for (const auto& name : secret_)
        if (const auto found = values_.find(name); found != values_.end())
            texts.push_back(found->is_string() ? found->get<std::string>() : dump(*found));
    return texts;
}

std::vector<std::string> parameter_scope::unmet() const {
    std::vector<std::string> sentences;
    for (const auto& [name, variable] : unmet_)
        sentences.push_back(fmt::format(
            "the parameter \"{}\" comes from the environment variable {}, which is not set", name,
            variable));
    return sentences;
}

std::optional<std::string> parameter_scope::use(std::string_view name) {
    const auto found = values_.find(std::string(name));
    if (found == values_.end()) return std::nullopt;
    used_.emplace(name);
    return found->is_string() ? found->get<std::string>() : dump(*found);
}

name_lookup parameter_scope::lookup() {
    return [this](std::string_view name) { return use(name); };
}

void parameter_scope::fill_in_all(json& value, bool replace_bare_names) {
    if (value.is_string()) {
        auto& text = value.get_ref<std::string&>();
        if (text.find("{{") != std::string::npos) text = fill_in(text, lookup());
    } else if (value.is_array()) {
        for (auto& item : value) fill_in_all(item, replace_bare_names);
    } else if (value.is_object()) {
        for (auto& [key, item] : value.items()) {
            fill_in_all(item, replace_bare_names);
            if (key != "check" && key != "when") continue;
            if (item.is_string()) use_in_comparison(item, replace_bare_names);
            if (item.is_array())
                for (auto& one : item) use_in_comparison(one, replace_bare_names);
        }
    }
}

void parameter_scope::use_in_comparison(json& text, bool replace) {
    if (!text.is_string()) return;
    comparison parsed;
    try {
        parsed = parse_comparison(text.get_ref<const std::string&>());
    } catch (const error&) {
        return;  // told where the step is read
    }
    for (auto* const side : {&parsed.left, &parsed.right})
        if (const auto value = use(*side); value && replace) *side = *value;
    if (replace) text = parsed.text();
}

void parameter_scope::warn_of_unused(const json_document& document, problem_list& problems) const {
    for (const auto& [name, value] : values_.items())
        if (!used_.contains(name))
            problems.warn(document, json_path("/params") / name,
                          fmt::format("nothing uses the parameter \"{}\"", printable(name)));
}

}  // namespace qh
