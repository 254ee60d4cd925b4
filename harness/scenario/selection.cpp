#include "scenario/selection.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "scenario/step_needs.hpp"
#include "scenario/step_texts.hpp"
#include "scenario/text/regex_problem.hpp"

namespace qh {
namespace {

bool is_for_the_others(const step& step) {
    return step.kind().selection == step_selection_rule::always ||
           std::ranges::find(step.tags, "always") != step.tags.end();
}

/// Throws where each of the chosen steps needs a value that only steps which were left out capture:
/// all would be skipped, and the run pass.
void refuse_hopeless(const scenario& what, const std::set<std::size_t>& chosen) {
    const capture_sources sources(what.steps);
    std::set<std::string> captured;
    std::string why;
    for (std::size_t i = 0; i < what.steps.size(); ++i) {
        const auto& step = what.steps[i];
        if (step.left_out) continue;
        auto needed = names_needed(step);
        for (const auto& text : step.when) needed.merge(names_compared(text));
        const auto missing = std::ranges::find_if(needed, [&](const auto& name) {
            return sources.before(i, name) && !captured.contains(name) &&
                   !what.parameters.contains(name);
        });
        if (missing == needed.end()) {
            if (chosen.contains(i)) return;
            captured.merge(captured_names(step));
        } else if (chosen.contains(i) && why.empty()) {
            why = fmt::format("the step \"{}\" needs \"{}\", which \"{}\" captures",
                              printable(step.name), *missing,
                              printable(what.steps[*sources.before(i, *missing)].name));
        }
    }
    if (!why.empty())
        throw usage_error("{}: --filter and --tag choose no step that can run: {}; choose that too",
                          printable(what.name), why);
}

}  // namespace

std::size_t select_steps(scenario& scenario, const step_selection& selection) {
    if (selection.empty()) return scenario.steps.size();
    if (const auto mistake = regex_problem(selection.filter); !mistake.empty())
        throw usage_error("--filter is no regex that RE2 can run: {}", mistake);
    const re2::RE2 filter(selection.filter, re2::RE2::Quiet);
    std::set<std::size_t> chosen;
    bool reboot_is_left_out = false;
    for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
        auto& step = scenario.steps[i];
        const bool has_tag =
            selection.tags.empty() || std::ranges::any_of(selection.tags, [&](const auto& tag) {
                return std::ranges::find(step.tags, tag) != step.tags.end();
            });
        if (is_for_the_others(step)) continue;
        // Whoever was logged in still is where the guest does not reboot.
        if (step.kind().selection == step_selection_rule::if_rebooted_too) {
            step.left_out = reboot_is_left_out;
            continue;
        }
        if (has_tag && re2::RE2::PartialMatch(step.name, filter))
            chosen.insert(i);
        else
            step.left_out = true;
        if (step.kind().reboots) reboot_is_left_out = step.left_out;
    }
    refuse_hopeless(scenario, chosen);
    return chosen.size();
}

}  // namespace qh
