#include "scenario/steps/step_reader.hpp"

#include <fmt/ranges.h>
#include <re2/re2.h>

#include "base/object_reader.hpp"
#include "base/text.hpp"
#include "scenario/steps/step_reading.hpp"
#include "scenario/text/comparison.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

/// The step's kind; refuses none and several.
const step_kind& kind_in(object_reader& reader, const json& object) {
    const step_kind* found = nullptr;
    for (const auto* kind : step_kinds()) {
        const std::string key(kind->key);
        if (!reader.has(key)) continue;
        if (kind == &measure_step::kind && found && found->has_output) continue;
        if (found)
            throw reader.key_problem(
                key, fmt::format("a step is of one kind, this one is \"{}\" and \"{}\"", found->key,
                                 key));
        found = kind;
    }
    if (found) return *found;
    const auto names = step_kind_names();
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (const auto& [key, value] : object.items())
        if (const auto near = closest(key, known); !near.empty())
            throw reader.key_problem(
                key, fmt::format("unknown step kind \"{}\"; did you mean \"{}\"?", key, near));
    throw reader.problem(
        fmt::format("unknown step kind; a step has one of the keys {}", fmt::join(known, ", ")));
}

}  // namespace

std::optional<Duration> read_idle_timeout(object_reader& reader) {
    const std::string key = "idle_timeout";
    if (!reader.has(key)) return std::nullopt;
    const auto& value = reader.value(key);
    if (value == json(false) || value == json("none")) return never;
    if (!value.is_string())
        throw reader.problem(key, "\"idle_timeout\" is a duration such as \"60s\", or \"none\"");
    return reader.duration(key, never);
}

std::vector<std::string> read_conditions(object_reader& reader, const std::string& key) {
    return reader.texts(key, [](const std::string& condition) { parse_comparison(condition); });
}

std::vector<std::string> read_tags(object_reader& reader) {
    static const re2::RE2 word("[A-Za-z0-9_.-]+");
    return reader.texts("tags", [](const std::string& tag) {
        if (!re2::RE2::FullMatch(tag, word))
            throw usage_error("a tag is made of letters, digits and any of _ . -");
    });
}

std::string unknown_name(const std::string& what, const std::string& name,
                         const std::vector<std::string_view>& known) {
    const auto near = closest(name, known);
    return fmt::format("{} \"{}\"{}{}", what, printable(name),
                       known.empty() ? "" : fmt::format("; it has {}", fmt::join(known, ", ")),
                       near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
}

std::string default_name(const step_kind& kind, const json& value) {
    constexpr std::size_t longest = 40;
    if (!value.is_string() || kind.named_by_key) return std::string(kind.key);
    const auto lines = split_lines(value.get_ref<const std::string&>());
    std::string name = fmt::format("{} {}", kind.key, lines.empty() ? "" : lines.front());
    if (name.size() > longest || lines.size() > 1) {
        name.resize(std::min(name.size(), longest));
        while (!is_valid_utf8(name)) name.pop_back();
        name += "…";
    }
    return printable(name);
}

std::vector<std::string> step_kind_names() {
    std::vector<std::string> names;
    for (const auto* kind : step_kinds()) names.emplace_back(kind->key);
    return names;
}

step read_step(json_document& document, const json_path& path, const fs::path& folder,
               const name_lookup& parameters, std::optional<Duration> idle_timeout,
               problem_list& problems) {
    object_reader reader(document, path, "a step");
    const step_kind* kind = nullptr;
    problem_list of_kind;
    of_kind.attempt([&] { kind = &kind_in(reader, document.root().at(path)); });
    step result;
    problems.attempt([&] {
        if (reader.has("name")) result.name = reader.name("name");
    });
    problems.attempt(
        [&] { result.timeout = reader.duration("timeout", kind ? kind->timeout : Duration()); });
    problems.attempt([&] {
        result.idle_timeout = read_idle_timeout(reader).value_or(
            idle_timeout.value_or(kind ? kind->idle_timeout : never));
    });
    problems.attempt([&] { result.when = read_conditions(reader, "when"); });
    problems.attempt([&] { result.tags = read_tags(reader); });
    problems.attempt([&] {
        const auto on_fail = reader.text("on_fail", "stop");
        if (on_fail != "stop" && on_fail != "continue")
            throw reader.problem("on_fail", "\"on_fail\" is \"stop\" or \"continue\"");
        result.continue_on_failure = on_fail == "continue";
    });
    of_kind.throw_all();
    if (!reader.has("name"))
        result.name = default_name(*kind, reader.value(std::string(kind->key)));
    step_reading from{document, reader, folder, parameters, problems, result};
    problems.attempt([&] { read_action(from, *kind, result.action); });
    reader.finish(problems);
    return result;
}

}  // namespace qh
