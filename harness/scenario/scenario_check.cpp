#include "scenario/scenario_check.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "scenario/comparison.hpp"
#include "scenario/condition_check.hpp"
#include "scenario/step_texts.hpp"

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

std::string suggestion(const std::string& near) {
    return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
}

/// Goes through the steps in their order, with the names that have values by then.
class step_checker {
  public:
    step_checker(const step_context& context, problem_list& problems)
        : context_(context), problems_(problems) {}

    void check(const step_source& source, const step& step) {
        check_end(source, step);
        check_warm_point(source, step);
        const bool is_own = source.document == context_.own_document;
        if (is_own) check_names(source, "when", step.when);
        check_reachable(source, step);
        auto captured = captured_names(step);
        const bool gives_values = !captured.empty() || step.kind == "facts";
        captures_.merge(captured);
        if (gives_values) poweroff_ = nullptr;
        if (is_own) check_names(source, "check", step.checks);
        check_placeholders(source);
        check_timeout(source, step);
        check_line_breaks(source, step);
        check_name(source, step);
        if (std::holds_alternative<poweroff_step>(step.action)) poweroff_ = &step;
    }

    /// The names that misspelt ones were told to be.
    const std::set<std::string>& suggested() const { return suggested_; }

  private:
    bool is_known(std::string_view name) const {
        return is_fact(name) || (context_.parameters && context_.parameters->contains(name)) ||
               captures_.contains(std::string(name));
    }

    /// What was probably meant counts as used.
    std::string closest_to(const std::string& name) {
        std::vector<std::string_view> candidates;
        if (context_.parameters) candidates = context_.parameters->names();
        candidates.insert(candidates.end(), captures_.begin(), captures_.end());
        return *suggested_.insert(closest(name, candidates)).first;
    }

    /// Of a group's condition the mistake would be the same for each of its steps.
    bool is_first_time(const step_source& source, const std::string& key, const std::string& text) {
        return place_of_text(source, key, text) != source.path ||
               told_of_groups_.insert({source.document, text}).second;
    }

    /// Nothing runs on a guest that is off: what is asked for under the same conditions never does.
    void check_end(const step_source& source, const step& step) {
        if (!poweroff_) return;
        const auto& conditions = poweroff_->when;
        const bool under_the_same = std::ranges::all_of(conditions, [&](const auto& one) {
            return std::ranges::find(step.when, one) != step.when.end();
        });
        if (!under_the_same) return;
        if (conditions.empty())
            problems_.add(
                source.document->problem(source.path, "no step can come after \"poweroff\""));
        else
            problems_.warn(
                *source.document, source.path,
                fmt::format("the step can never run: where {}, the guest was powered off "
                            "by \"{}\" before it",
                            fmt::join(conditions, " and "), printable(poweroff_->name)));
        poweroff_ = nullptr;
    }

    /// Runs start from one point, and before a boot there is nothing to save.
    void check_warm_point(const step_source& source, const step& step) {
        const bool first = std::exchange(is_first_step_, false);
        if (!std::holds_alternative<warm_step>(step.action)) return;
        if (first)
            problems_.add(source.document->problem(source.path / "warm",
                                                   "nothing has booted yet that could be saved"));
        if (std::exchange(has_warm_point_, true))
            problems_.add(source.document->problem(source.path / "warm",
                                                   "a scenario has one \"warm\" step at most"));
    }

    /// A comparison's left side that nobody knows is a misspelt name: as a text it would only ever
    /// be compared with itself.
    void check_names(const step_source& source, const char* key,
                     const std::vector<std::string>& comparisons) {
        for (const auto& text : comparisons) {
            const auto left = parse_comparison(text).left;
            if (!looks_like_a_name(left) || is_known(left) || !is_first_time(source, key, text))
                continue;
            problems_.add(source.document->problem(
                place_of_text(source, key, text),
                fmt::format(
                    "nothing gives \"{}\" a value: it is no parameter, no fact, and no step "
                    "up to here captures it{}",
                    left, suggestion(closest_to(left)))));
        }
    }

    /// Refuses `{{name}}` that neither a parameter, a fact nor an earlier capture can fill.
    void check_placeholders(const step_source& source) {
        const auto look = [&](const json_path& path, const std::string& text) {
            const auto name = first_placeholder(fill_in(text, [&](std::string_view one) {
                return is_known(one) ? std::optional<std::string>("") : std::nullopt;
            }));
            if (name.empty()) return;
            if (!context_.own_document)
                return problems_.note(
                    *source.document, path,
                    fmt::format("{{{{{}}}}} is left to the scenario that includes this", name));
            problems_.add(source.document->problem(
                path,
                fmt::format("nothing gives {{{{{}}}}} a value: it is no parameter and no step "
                            "up to here captures it{}",
                            name, suggestion(closest_to(name)))));
        };
        for (const auto& [key, value] : source.document->root().at(source.path).items())
            // What a capture cannot fill in is the guest's own text, such as a Jinja template.
            if (key != "run" && key != "python" && key != "send")
                for_each_text(*source.document, source.path / key, look);
    }

    void check_timeout(const step_source& source, const step& step) {
        if (has_member(source, "timeout") && step.timeout > context_.timeout)
            problems_.warn(
                *source.document, source.path / "timeout",
                fmt::format("the step may take {}, but the whole scenario only {}",
                            format_duration(step.timeout), format_duration(context_.timeout)));
    }

    void check_reachable(const step_source& source, const step& step) {
        const auto found = find_contradiction(step.when, [&](std::string_view side) {
            return is_known(side) ||
                   (!context_.own_document && looks_like_a_name(std::string(side)));
        });
        if (found.first.empty()) return;
        const auto& last = found.second.empty() ? found.first : found.second;
        if (!is_first_time(source, "when", last)) return;
        problems_.warn(*source.document, place_of_text(source, "when", last),
                       found.second.empty()
                           ? fmt::format("the step can never run: {} is never true", last)
                           : fmt::format("the step can never run: {} and {} are never both true",
                                         found.first, last));
    }

    void check_line_breaks(const step_source& source, const step& step) {
        const auto* expect = std::get_if<expect_step>(&step.action);
        if (!expect) return;
        for (const auto& pattern : expect->patterns)
            if (pattern.window_lines == 1 && pattern.regex.find("\\n") != std::string::npos)
                problems_.warn(
                    *source.document, source.path / "expect",
                    fmt::format(
                        "/{}/ never matches: it is held against one line at a time; say how "
                        "many with \"lines\"",
                        pattern.regex));
    }

    /// Names that were made for steps without one may well be alike.
    void check_name(const step_source& source, const step& step) {
        if (!has_member(source, "name")) return;
        const auto [before, is_new] = names_.emplace(step.name, source);
        if (is_new) return;
        const auto& first = before->second;
        const auto& file = first.document->name();
        const auto line = first.document->position(first.path / "name").line;
        problems_.warn(
            *source.document, source.path / "name",
            first.document == source.document
                ? fmt::format("the step on line {} is called \"{}\" too", line, step.name)
            : file == source.document->name()
                ? fmt::format("there are two steps \"{}\", since this file is included twice; "
                              "\"group\" in an \"include\" tells them apart",
                              step.name)
                : fmt::format("the step at {}:{} is called \"{}\" too", file, line, step.name));
    }

    const step_context& context_;
    problem_list& problems_;
    std::set<std::string> captures_, suggested_;
    std::map<std::string, step_source> names_;
    std::set<std::pair<const json_document*, std::string>> told_of_groups_;
    bool is_first_step_ = true, has_warm_point_ = false;
    /// The last poweroff, while no step has given names new values since.
    const step* poweroff_ = nullptr;
};

/// A capture is recorded and shown in any case, so one that no step uses is no mistake.
void note_unused_captures(const step_list& list, std::set<std::string> used,
                          problem_list& problems) {
    for (auto i = list.steps.size(); i-- > 0;) {
        const auto& source = list.sources[i];
        used.merge(used_names(source, list.steps[i]));
        std::vector<std::string> unused;
        for (const auto& name : captured_names(list.steps[i]))
            if (!used.contains(name)) unused.push_back(fmt::format("\"{}\"", name));
        if (!unused.empty())
            problems.note(*source.document,
                          source.path / (has_member(source, "capture") ? "capture" : "expect"),
                          fmt::format("nothing uses the capture{} {}: only recorded",
                                      unused.size() == 1 ? "" : "s", fmt::join(unused, ", ")));
    }
}

}  // namespace

void check_scenario(const step_context& context, const step_list& list, problem_list& problems) {
    step_checker checker(context, problems);
    for (std::size_t i = 0; i < list.steps.size(); ++i)
        checker.check(list.sources[i], list.steps[i]);
    note_unused_captures(list, checker.suggested(), problems);
}

}  // namespace qh
