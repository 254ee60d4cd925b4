#include "scenario/scenario_check.hpp"

#include <re2/re2.h>

#include <set>

#include "base/text.hpp"
#include "scenario/comparison.hpp"
#include "scenario/step_reader.hpp"

namespace qh {
namespace {

bool is_fact(std::string_view name) {
    return name.starts_with("guest.") || name.starts_with("machine.");
}

/// What may be meant as a name rather than as a value.
bool looks_like_a_name(const std::string& side) {
    static const re2::RE2 name("[A-Za-z_][A-Za-z0-9_.]*");
    return re2::RE2::FullMatch(side, name);
}

/// The names that have values by the step that is looked at.
class known_names {
  public:
    explicit known_names(const parameter_scope& parameters) : parameters_(parameters) {}

    void add_captures(const step& step) {
        for (const auto& name : group_names(step.capture)) captures_.insert(name);
        if (const auto* expect = std::get_if<expect_step>(&step.action))
            for (const auto& pattern : expect->patterns)
                for (const auto& name : group_names(pattern.regex)) captures_.insert(name);
    }

    bool contains(std::string_view name) const {
        return is_fact(name) || parameters_.contains(name) || captures_.contains(std::string(name));
    }

    std::string closest_to(const std::string& name) const {
        auto candidates = parameters_.names();
        candidates.insert(candidates.end(), captures_.begin(), captures_.end());
        return closest(name, candidates);
    }

  private:
    const parameter_scope& parameters_;
    std::set<std::string> captures_;
};

/// A comparison's left side that nobody knows is a misspelt name: as a text it would only ever be
/// compared with itself.
void check_names(const step_source& source, const char* key,
                 const std::vector<std::string>& comparisons, const known_names& known,
                 problem_list& problems) {
    for (const auto& text : comparisons) {
        const auto comparison = parse_comparison(text);
        const auto& left = comparison.left;
        if (!looks_like_a_name(left) || known.contains(left)) continue;
        const auto near = known.closest_to(left);
        problems.add(source.document->problem(
            source.path / key,
            fmt::format("nothing gives \"{}\" a value: it is no parameter, no fact, and no step up "
                        "to here captures it{}",
                        left, near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near))));
    }
}

/// Refuses `{{name}}` that neither a parameter, a fact nor an earlier capture can fill.
void check_placeholders(const step_source& source, const known_names& known,
                        problem_list& problems) {
    for (const auto& [key, value] : source.document->root().at(source.path).items()) {
        // What a capture cannot fill in is the guest's own text, such as a Jinja template.
        if (key == "run" || key == "python" || key == "send") continue;
        const auto unknown = fill_in(dump(value), [&](std::string_view name) {
            return known.contains(name) ? std::optional<std::string>("") : std::nullopt;
        });
        const auto name = first_placeholder(unknown);
        if (name.empty()) continue;
        const auto near = known.closest_to(name);
        problems.add(source.document->problem(
            source.path / key,
            fmt::format("nothing gives {{{{{}}}}} a value: it is no parameter and no step up to "
                        "here captures it{}",
                        name, near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near))));
    }
}

void check_timeout(const step_source& source, const step& step, Duration timeout,
                   problem_list& problems) {
    if (!source.document->root().at(source.path).contains("timeout") || step.timeout <= timeout)
        return;
    problems.warn(*source.document, source.path / "timeout",
                  fmt::format("the step may take {}, but the whole scenario only {}",
                              format_duration(step.timeout), format_duration(timeout)));
}

/// A condition of two plain values is decided already.
void check_reachable(const step_source& source, const step& step, problem_list& problems) {
    for (const auto& text : step.when) {
        const auto comparison = parse_comparison(text);
        if (looks_like_a_name(comparison.left)) continue;
        const auto nothing = [](std::string_view) { return std::nullopt; };
        if (is_fact(comparison.right) || evaluate(comparison, nothing).holds) continue;
        problems.warn(*source.document, source.path / "when",
                      fmt::format("the step can never run: {} is never true", text));
    }
}

void check_line_breaks(const step_source& source, const step& step, problem_list& problems) {
    const auto* expect = std::get_if<expect_step>(&step.action);
    if (!expect) return;
    for (const auto& pattern : expect->patterns)
        if (pattern.window_lines == 1 && pattern.regex.find("\\n") != std::string::npos)
            problems.warn(*source.document, source.path / "expect",
                          fmt::format("/{}/ never matches: it is held against one line at a time; "
                                      "say how many with \"lines\"",
                                      pattern.regex));
}

}  // namespace

void check_scenario(const json_document& document, const step_list& list, Duration timeout,
                    const parameter_scope& parameters, problem_list& problems) {
    known_names known(parameters);
    bool powered_off = false;
    for (std::size_t i = 0; i < list.steps.size(); ++i) {
        const auto& step = list.steps[i];
        const auto& source = list.sources[i];
        if (powered_off)
            problems.add(
                source.document->problem(source.path, "no step can come after \"poweroff\""));
        powered_off = std::holds_alternative<poweroff_step>(step.action) && step.when.empty();
        const bool is_own = source.document == &document;
        if (is_own) check_names(source, "when", step.when, known, problems);
        known.add_captures(step);
        if (is_own) check_names(source, "check", step.checks, known, problems);
        check_placeholders(source, known, problems);
        check_timeout(source, step, timeout, problems);
        check_reachable(source, step, problems);
        check_line_breaks(source, step, problems);
    }
}

}  // namespace qh
