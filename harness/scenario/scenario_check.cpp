#include "scenario/scenario_check.hpp"

#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "scenario/condition_check.hpp"
#include "scenario/fact_names.hpp"
#include "scenario/step_texts.hpp"
#include "scenario/steps/step_reader.hpp"
#include "scenario/text/comparison.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {
namespace {

bool is_fact(std::string_view name) {
    return std::ranges::find(fact_names(), name) != fact_names().end();
}

/// The row of the kind that `key` makes a step one of; none: the key is for other kinds too.
const step_kind* kind_with(const std::string& key) {
    for (const auto* kind : step_kinds())
        if (kind->key == key) return kind;
    return nullptr;
}

/// Whether values that come only with the run are put into the text.
bool is_filled_in(const std::string& key, const json_path& path) {
    if (key == "when" || key == "check") return true;
    const auto* kind = kind_with(key);
    return kind && (kind->filled_in == key || kind->filled_in == key + "/" + path.back());
}

/// Whether a step's own captures are known where the key counts.
bool is_of_the_result(const std::string& key) {
    return key == "check" || key == "measure";
}

/// Whether the text is the guest's own, in which others than qharness may fill braces in.
bool is_code(const std::string& key) {
    const auto* kind = kind_with(key);
    return kind && kind->is_code;
}

/// What may be meant as a name rather than as a value.
bool looks_like_a_name(const std::string& side) {
    static const re2::RE2 name("[A-Za-z_][A-Za-z0-9_.]*");
    return re2::RE2::FullMatch(side, name);
}

/// Goes through the steps in their order, with the names that have values by then.
class step_checker {
  public:
    step_checker(const step_context& context, const std::vector<step>& steps,
                 problem_list& problems)
        : context_(context), problems_(problems) {
        for (const auto& step : steps)
            for (const auto& name : captured_names(step)) captured_by_.emplace(name, step.name);
    }

    void check(const step_source& source, const step& step) {
        check_end(source, step);
        check_warm_point(source, step);
        check_names(source, "when", step.when);
        check_reachable(source, step);
        check_placeholders(source, false);
        auto captured = captured_names(step);
        const bool gives_values = !captured.empty() || step.kind().gives_facts;
        captures_.merge(captured);
        if (gives_values) poweroff_ = nullptr;
        guest_was_asked_ = guest_was_asked_ || step.kind().gives_facts;
        check_names(source, "check", step.checks);
        check_placeholders(source, true);
        check_timeout(source, step);
        check_line_breaks(source, step);
        check_name(source, step);
        if (step.kind().ends_guest) poweroff_ = &step;
    }

    /// The names that misspelt ones were told to be.
    const std::set<std::string>& suggested() const { return suggested_; }

  private:
    bool is_known(std::string_view name) const {
        return is_fact(name) || (context_.parameters && context_.parameters->contains(name)) ||
               captures_.contains(std::string(name));
    }

    static const json& parameters_of(const json_document& document) {
        static const json none = json::object();
        const auto found = document.root().find("params");
        return found == document.root().end() || !found->is_object() ? none : *found;
    }

    /// What was probably meant counts as used.
    std::string closest_to(const std::string& name, const step_source& source) {
        std::vector<std::string_view> candidates;
        if (context_.parameters) candidates = context_.parameters->names();
        for (const auto& item : parameters_of(*source.document).items())
            candidates.push_back(item.key());
        for (const auto& [captured, step] : captured_by_) candidates.push_back(captured);
        candidates.insert(candidates.end(), fact_names().begin(), fact_names().end());
        return *suggested_.insert(closest(name, candidates)).first;
    }

    /// Where an unknown name may come from, as far as that can be guessed.
    std::string hint_at(const std::string& name, const step_source& source) {
        if (const auto late = captured_by_.find(name); late != captured_by_.end())
            return fmt::format("; the step \"{}\" does, too late", printable(late->second));
        const auto near = closest_to(name, source);
        return near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near);
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
        if (!step.kind().is_warm_point) return;
        if (first)
            problems_.add(source.document->problem(source.path / "warm",
                                                   "nothing has booted yet that could be saved"));
        if (std::exchange(has_warm_point_, true))
            problems_.add(source.document->problem(source.path / "warm",
                                                   "a scenario has one \"warm\" step at most"));
    }

    void check_names(const step_source& source, const char* key,
                     const std::vector<std::string>& comparisons) {
        for (const auto& text : comparisons) {
            const auto place = place_of_text(source, key, text);
            if (const auto fact = unasked_fact(text);
                !fact.empty() && is_first_time(source, key, text))
                problems_.add(source.document->problem(
                    place,
                    fmt::format("no \"facts\" step up to here asks the guest for {}", fact)));
            const auto unknown = unknown_side(source, text);
            const bool has_braces = place == source.path && !placeholders(text).empty();
            if ((unknown.empty() && !has_braces) || !is_first_time(source, key, text)) continue;
            if (has_braces) check_text(source, key, place, text);
            if (unknown.empty()) continue;
            problems_.add(source.document->problem(
                place, fmt::format(
                           "nothing gives \"{}\" a value: it is no parameter, no fact, and no step "
                           "up to here captures it{}",
                           unknown, hint_at(unknown, source))));
        }
    }

    /// A fact of the guest's that no step has asked for would be compared as a text.
    std::string unasked_fact(const std::string& comparison) const {
        if (guest_was_asked_ || !context_.own_document) return {};
        const auto [left, op, right, as_versions] = parse_comparison(comparison);
        for (const auto& side : {left, right})
            if (is_fact(side) && side.starts_with("guest.")) return side;
        return {};
    }

    /// A left side that nobody knows is a misspelt name: as a text it would only ever be compared
    /// with itself. Right sides are mostly texts, and so are an included file's own parameters.
    std::string unknown_side(const step_source& source, const std::string& comparison) const {
        const auto [left, op, right, as_versions] = parse_comparison(comparison);
        const auto is_unknown = [&](const std::string& side) {
            return looks_like_a_name(side) && !is_known(side);
        };
        const bool is_own = source.document == context_.own_document;
        if (is_unknown(left) && (is_own || is_like_a_fact(left))) return left;
        const bool is_misspelt = is_like_a_fact(right) && !closest(right, fact_names()).empty();
        return is_unknown(right) && is_misspelt ? right : "";
    }

    /// What resembles no name is the guest's own text, such as a Jinja template; so may be what is
    /// too short to resemble anything.
    bool is_meant(const std::string& name, const std::string& hint) const {
        constexpr std::size_t shortest = 3;
        return captured_by_.contains(name) || (!hint.empty() && name.size() >= shortest);
    }

    void check_placeholders(const step_source& source, bool of_the_result) {
        for (const auto& [key, value] : source.document->root().at(source.path).items())
            if (is_of_the_result(key) == of_the_result && !is_default_name(source, key, value))
                for_each_text(*source.document, source.path / key,
                              [&, &key = key](const json_path& path, const std::string& text) {
                                  check_text(source, key, path, text);
                              });
    }

    /// A record has the names of steps that were written without one.
    static bool is_default_name(const step_source& source, const std::string& key,
                                const json& value) {
        if (key != "name" || !value.is_string()) return false;
        const auto& written = source.document->root().at(source.path);
        return std::ranges::any_of(step_kinds(), [&](const auto* kind) {
            const auto own = written.find(std::string(kind->key));
            return own != written.end() &&
                   value.get_ref<const std::string&>().ends_with(default_name(*kind, *own));
        });
    }

    /// Refuses the first `{{name}}` that nothing can fill in there.
    void check_text(const step_source& source, const std::string& key, const json_path& path,
                    const std::string& text) {
        const auto refuse = [&](const std::string& why) {
            problems_.add(source.document->problem(path, why));
        };
        for (const auto& one : placeholders(text)) {
            const bool comes_with_the_run = is_known(one.name);
            if (one.has_blanks &&
                (comes_with_the_run || parameters_of(*source.document).contains(one.name)))
                return refuse(one.stands_for_nothing());
            if (comes_with_the_run && is_filled_in(key, path)) continue;
            if (comes_with_the_run)
                return refuse(fmt::format(
                    "{} stays as it is: its value comes with the run, too late for this text",
                    one.text()));
            const auto hint = hint_at(one.name, source);
            if ((one.has_blanks || is_code(key)) && !is_meant(one.name, hint)) continue;
            if (!context_.own_document)
                return problems_.note(*source.document, path,
                                      fmt::format("{} is left to the scenario that includes this{}",
                                                  one.text(), hint));
            return refuse(
                fmt::format("nothing gives {} a value: it is no parameter and no step up to here "
                            "captures it{}",
                            one.text(), hint));
        }
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
            return is_known(side) || is_like_a_fact(side) ||
                   captured_by_.contains(std::string(side)) ||
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
    std::map<std::string, std::string> captured_by_;  ///< all captures, and the first step of each
    std::map<std::string, step_source> names_;
    std::set<std::pair<const json_document*, std::string>> told_of_groups_;
    bool is_first_step_ = true, has_warm_point_ = false;
    bool guest_was_asked_ = false;  ///< for its facts
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
    step_checker checker(context, list.steps, problems);
    for (std::size_t i = 0; i < list.steps.size(); ++i)
        checker.check(list.sources[i], list.steps[i]);
    note_unused_captures(list, checker.suggested(), problems);
}

}  // namespace qh
