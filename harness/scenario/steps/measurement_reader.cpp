#include "scenario/steps/measurement_reader.hpp"

namespace qh {
namespace {

constexpr std::uint64_t most_runs = 1000;

/// A number, or one in a text, so that a parameter can stand there; an empty text is no limit.
std::optional<double> read_limit(const json_document& document, const json_path& path) {
    const json& value = document.root().at(path);
    if (value.is_number()) return value.get<double>();
    if (value == json("")) return std::nullopt;
    const auto number =
        value.is_string() ? parse_quantity(value.get_ref<const std::string&>()) : std::nullopt;
    if (!number || number->dimension != dimension::none)
        throw document.problem(path, "a limit is a number, in the measurement's own unit");
    return number->value;
}

/// One limit for the measurement `name`; of JSON lines, an object of names and limits.
void read_limits(const json_document& document, object_reader& measure, const std::string& key,
                 bool of_json_lines, const std::string& name,
                 std::optional<double> value_limits::*bound,
                 std::map<std::string, value_limits>& limits) {
    if (!measure.has(key)) return;
    const auto path = measure.path_of(key);
    const auto set = [&](const std::string& measured, const json_path& at) {
        if (const auto limit = read_limit(document, at)) limits[measured].*bound = limit;
    };
    if (!of_json_lines) return set(name, path);
    const json& given = measure.value(key);
    if (!given.is_object())
        throw measure.problem(
            key, fmt::format("with \"jsonl\", \"{}\" is an object of names and limits", key));
    problem_list problems;
    for (const auto& [measured, limit] : given.items())
        problems.attempt([&] { set(measured, path / measured); });
    problems.throw_all();
}

}  // namespace

measurement_source read_measurement(const json_document& document, object_reader& step) {
    measurement_source source;
    const json& given = step.value("measure");
    if (given == json("jsonl")) {
        source.json_lines = true;
        return source;
    }
    if (!given.is_object())
        throw step.problem("measure",
                           "write \"jsonl\" or {\"name\": …, \"value\": …, \"unit\": …}");
    object_reader measure(document, step.path_of("measure"), "\"measure\"");
    problem_list problems;
    const auto read = [&](auto& member, auto&& value) {
        problems.attempt([&] { member = value(); });
    };
    source.json_lines = measure.has("jsonl");
    read(source.json_lines, [&] { return measure.flag("jsonl", false); });
    if (!source.json_lines) {
        read(source.name, [&] {
            auto name = measure.text("name");
            if (name.empty()) throw measure.problem("name", "a measurement needs a name");
            return name;
        });
        read(source.value, [&] { return measure.text("value"); });
        read(source.unit, [&] { return measure.text("unit", ""); });
    }
    read(source.warmup,
         [&] { return static_cast<unsigned>(measure.number("warmup", 0, most_runs)); });
    read(source.repeats, [&] {
        const auto repeats = static_cast<unsigned>(measure.number("repeats", 1, most_runs));
        if (repeats == 0) throw measure.problem("repeats", "\"repeats\" is at least 1");
        return repeats;
    });
    read(source.better, [&] {
        auto better = measure.text("better", "");
        if (!better.empty() && better != "higher" && better != "lower")
            throw measure.problem("better", "\"better\" is \"higher\" or \"lower\"");
        return better;
    });
    for (const auto& [key, bound] :
         {std::pair{"at_least", &value_limits::at_least}, {"at_most", &value_limits::at_most}})
        problems.attempt([&] {
            read_limits(document, measure, key, source.json_lines, source.name, bound,
                        source.limits);
        });
    measure.finish(problems);
    problems.throw_all();
    return source;
}

}  // namespace qh
