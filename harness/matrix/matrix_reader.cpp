#include "matrix/matrix_reader.hpp"

#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/object_reader.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "matrix/cell_scenarios.hpp"
#include "matrix/expansion.hpp"
#include "scenario/load.hpp"
#include "scenario/outcome.hpp"

namespace qh {

namespace fs = std::filesystem;

namespace {

constexpr unsigned most_retries = 100;

/// Keys of rules that are no axes.
const std::set<std::string> words_of_rules = {
    "outcome", "reason", "until", "params", "timeout_multiplier", "retries", "optional"};

/// A pass is no failure to expect, and an interruption says nothing.
constexpr std::array failures_to_expect = {
    run_outcome::failed,  run_outcome::timed_out, run_outcome::hung,       run_outcome::panicked,
    run_outcome::crashed, run_outcome::reset,     run_outcome::infra_error};

std::optional<run_outcome> failure_named(std::string_view name) {
    const auto found =
        std::ranges::find(failures_to_expect, name, [](run_outcome one) { return name_of(one); });
    if (found == failures_to_expect.end()) return std::nullopt;
    return *found;
}

std::string names_of_failures() {
    std::vector<std::string_view> names;
    for (const auto one : failures_to_expect) names.push_back(name_of(one));
    return fmt::format("{}", fmt::join(names, ", "));
}

/// A value of an axis or a parameter as a command line would have it.
std::string value_text(const json_document& document, const json_path& path) {
    const json& value = document.root().at(path);
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number() || value.is_boolean()) return value.dump();
    throw document.problem(path, "this must be a text, a number, true or false");
}

std::vector<std::string> value_texts(const json_document& document, const json_path& path) {
    if (!document.root().at(path).is_array()) return {value_text(document, path)};
    std::vector<std::string> texts;
    problem_list problems;
    for (std::size_t i = 0; i < document.root().at(path).size(); ++i)
        problems.attempt([&] { texts.push_back(value_text(document, path / i)); });
    problems.throw_all();
    if (texts.empty()) throw document.problem(path, "this list is empty");
    return texts;
}

class matrix_reader {
  public:
    matrix_reader(const json_document& document, std::string today, problem_list& problems)
        : document_(document), today_(std::move(today)), problems_(problems) {}

    void read_into(matrix& result) {
        object_reader reader(document_, json_path(), "a matrix");
        problems_.attempt([&] { reader.text("$schema", ""); });
        problems_.attempt([&] { result.name = read_name(reader); });
        problems_.attempt([&] { result.description = reader.text("description", ""); });
        problems_.attempt([&] { read_axes(reader, result); });
        problems_.attempt([&] { result.common = read_settings(reader, false); });
        read_rules(reader, "include", result.include, [&](object_reader& rule) {
            auto settings = read_settings(rule, true);
            if (!rule.has("scenario")) throw rule.problem("a cell needs a \"scenario\"");
            return settings;
        });
        for (const auto& rule : result.include)
            for (const auto& [name, values] : rule.where.axes) names_.insert(name);
        read_rules(reader, "exclude", result.exclude, [](object_reader&) { return true; });
        read_rules(reader, "adjust", result.adjust,
                   [&](object_reader& rule) { return read_settings(rule, true); });
        read_rules(reader, "expect", result.expect,
                   [&](object_reader& rule) { return read_expectation(rule); });
        read_rules(reader, "quarantine", result.quarantine,
                   [](object_reader& rule) { return rule.text("reason"); });
        reader.finish(problems_);
    }

  private:
    std::string read_name(object_reader& reader) {
        auto name = reader.name("name");
        if (trim(name).empty()) throw reader.problem("name", "a matrix needs a name");
        return name;
    }

    void read_axes(object_reader& reader, matrix& result) {
        std::map<std::string, std::vector<std::string>> axes;
        if (reader.has("scenarios"))
            axes["scenario"] = value_texts(document_, reader.path_of("scenarios"));
        std::vector<std::string> own;
        if (reader.has("axes")) {
            object_reader written(document_, reader.path_of("axes"), "\"axes\"");
            for (const auto& [name, value] : reader.value("axes").items()) {
                problems_.attempt([&] {
                    if (words_of_rules.contains(name) || name == "scenarios")
                        throw written.key_problem(
                            name, fmt::format("no axis can be called \"{}\"", name));
                    if (axes.contains(name))
                        throw written.key_problem(
                            name, "give \"scenarios\" or an axis \"scenario\", not both");
                    axes[name] = value_texts(document_, written.path_of(name));
                    check_values(name, written.path_of(name), axes[name]);
                });
                if (std::ranges::find(standard_axes, name) == standard_axes.end())
                    own.push_back(name);
            }
        }
        if (!axes.contains("scenario") && !reader.has("include"))
            throw reader.problem("a matrix needs \"scenarios\"");
        if (!axes.contains("scenario")) return;
        for (const auto& name : standard_axes)
            if (axes.contains(name)) result.axes.push_back({name, axes[name]});
        for (const auto& name : own) result.axes.push_back({name, axes[name]});
        for (const auto& axis : result.axes) names_.insert(axis.name);
    }

    void check_values(const std::string& name, const json_path& path,
                      const std::vector<std::string>& values) {
        const auto place = [&](std::size_t i) {
            return document_.root().at(path).is_array() ? path / i : path;
        };
        std::set<std::string> seen;
        for (std::size_t i = 0; i < values.size(); ++i)
            problems_.attempt([&] {
                if (!seen.insert(values[i]).second)
                    throw document_.problem(
                        place(i), fmt::format("\"{}\" stands twice on this axis", values[i]));
                check_value(name, values[i], place(i));
            });
    }

    void check_value(const std::string& name, const std::string& value, const json_path& place) {
        if (name == "image" && !value.empty()) check_image(value, document_, place);
        if (name == "memory") {
            try {
                parse_memory(value);
            } catch (const error& e) {
                throw document_.problem(place, e.what());
            }
        }
        static const re2::RE2 harts("[1-9][0-9]{0,2}");
        if (name == "smp" && !re2::RE2::FullMatch(value, harts))
            throw document_.problem(place, "expected a number of harts from 1 to 512");
    }

    void read_params(object_reader& reader, cell_settings& settings) {
        object_reader params(document_, reader.path_of("params"), "\"params\"");
        for (const auto& [name, value] : reader.value("params").items())
            problems_.attempt(
                [&] { settings.params[name] = value_text(document_, params.path_of(name)); });
    }

    cell_settings read_settings(object_reader& reader, bool of_rule) {
        cell_settings settings;
        if (reader.has("params")) problems_.attempt([&] { read_params(reader, settings); });
        problems_.attempt([&] {
            if (!reader.has("timeout_multiplier")) return;
            const auto& factor = reader.value("timeout_multiplier");
            if (!factor.is_number() || factor.get<double>() < 0.01 || factor.get<double>() > 1000)
                throw reader.problem("timeout_multiplier", "expected a number from 0.01 to 1000");
            settings.timeout_multiplier = factor.get<double>();
        });
        problems_.attempt([&] {
            if (reader.has("retries"))
                settings.retries = static_cast<unsigned>(reader.number("retries", 0, most_retries));
        });
        problems_.attempt([&] {
            if (of_rule) settings.optional = reader.text("optional", "");
        });
        return settings;
    }

    known_failure read_expectation(object_reader& reader) {
        known_failure expected;
        problems_.attempt([&] {
            const auto names = reader.texts("outcome", [](const std::string& name) {
                if (!failure_named(name))
                    throw usage_error("an outcome is one of {}", names_of_failures());
            });
            if (names.empty()) throw reader.problem("an expectation needs an \"outcome\"");
            for (const auto& name : names) expected.outcomes.push_back(*failure_named(name));
        });
        problems_.attempt([&] { expected.reason = reader.text("reason"); });
        problems_.attempt([&] {
            expected.until = reader.text("until");
            static const re2::RE2 date("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");
            if (!re2::RE2::FullMatch(expected.until, date))
                throw reader.problem("until", "expected a day as in \"2027-03-01\"");
            if (expected.until < today_)
                problems_.warn(document_, reader.path_of("until"),
                               "this has expired: the failure counts again");
        });
        return expected;
    }

    /// Reads a list of rules: `read` takes what is said of the cells, the rest says which.
    template <typename What, typename Read>
    void read_rules(object_reader& reader, const std::string& key, std::vector<rule<What>>& rules,
                    Read&& read) {
        if (!reader.has(key)) return;
        problems_.attempt([&] {
            if (!reader.value(key).is_array())
                throw reader.problem(key, fmt::format("\"{}\" must be a list", key));
            for (std::size_t i = 0; i < reader.value(key).size(); ++i)
                problems_.attempt([&] {
                    const auto path = reader.path_of(key) / i;
                    object_reader entry(document_, path, fmt::format("a rule of \"{}\"", key));
                    rule<What> one{{}, {}, path};
                    problems_.attempt([&] { one.what = read(entry); });
                    problems_.attempt(
                        [&] { one.where = read_pattern(entry, path, key == "include"); });
                    entry.finish(problems_);
                    rules.push_back(std::move(one));
                });
        });
    }

    cell_pattern read_pattern(object_reader& entry, const json_path& path, bool adds_cells) {
        cell_pattern pattern;
        bool names_an_axis = false;
        for (const auto& [name, value] : document_.root().at(path).items()) {
            if (words_of_rules.contains(name)) continue;
            names_an_axis = entry.has(name);
            problems_.attempt([&] { read_axis_of_rule(entry, name, adds_cells, pattern); });
        }
        if (!names_an_axis)
            throw entry.problem("a rule must name an axis, or it would fit every cell");
        return pattern;
    }

    void read_axis_of_rule(const object_reader& entry, const std::string& name, bool adds_cells,
                           cell_pattern& pattern) {
        const bool known =
            names_.contains(name) || std::ranges::find(standard_axes, name) != standard_axes.end();
        if (!adds_cells && !known) {
            const std::vector<std::string_view> names(names_.begin(), names_.end());
            const auto near = closest(name, names);
            problems_.add(entry.key_problem(
                name,
                fmt::format("the matrix has no axis \"{}\"{}", printable(name),
                            near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near))));
        }
        pattern.axes[name] = value_texts(document_, entry.path_of(name));
        if (adds_cells) check_values(name, entry.path_of(name), pattern.axes[name]);
    }

    const json_document& document_;
    const std::string today_;
    problem_list& problems_;
    std::set<std::string> names_;  ///< of all axes
};

}  // namespace

bool is_matrix(const json& root) {
    if (!root.is_object()) return false;
    if (const auto schema = root.find("$schema"); schema != root.end() && schema->is_string())
        return schema->get_ref<const std::string&>().ends_with("matrix.schema.json");
    return root.contains("axes") || root.contains("scenarios");
}

fs::path scenario_file(const matrix& what, const std::string& scenario) {
    std::error_code ignored;
    const auto beside = what.file.parent_path() / scenario;
    return fs::is_regular_file(beside, ignored) ? beside : find_scenario(scenario);
}

expanded_matrix read_matrix(const fs::path& path, const std::string& today,
                            problem_list& problems) {
    expanded_matrix result;
    problems.attempt([&] {
        const auto document = json_document::load(path);
        result.what.file = fs::absolute(path);
        matrix_reader(document, today, problems).read_into(result.what);
        if (problems.errors() > 0) return;
        result.cells = expand(result.what, document, problems);
        check_scenarios(result, document, problems);
    });
    return result;
}

expanded_matrix load_matrix(const fs::path& path, const std::string& today) {
    problem_list problems;
    auto result = read_matrix(path, today, problems);
    problems.throw_errors();
    return result;
}

}  // namespace qh
