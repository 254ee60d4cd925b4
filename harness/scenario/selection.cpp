#include "scenario/selection.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/error.hpp"
#include "scenario/regex_problem.hpp"

namespace qh {
namespace {

bool serves_the_others(const step& step) {
    return step.kind == "boot" || step.kind == "facts" || step.kind == "poweroff" ||
           step.kind == "warm" || std::ranges::find(step.tags, "always") != step.tags.end();
}

}  // namespace

std::size_t select_steps(scenario& scenario, const step_selection& selection) {
    if (selection.empty()) return scenario.steps.size();
    if (const auto mistake = regex_problem(selection.filter); !mistake.empty())
        throw usage_error("--filter is no regex that RE2 can run: {}", mistake);
    const re2::RE2 filter(selection.filter, re2::RE2::Quiet);
    std::size_t chosen = 0;
    bool reboot_is_left_out = false;
    for (auto& step : scenario.steps) {
        const bool has_tag =
            selection.tags.empty() || std::ranges::any_of(selection.tags, [&](const auto& tag) {
                return std::ranges::find(step.tags, tag) != step.tags.end();
            });
        if (serves_the_others(step)) continue;
        // Whoever was logged in still is where the guest does not reboot.
        if (step.kind == "login") {
            step.left_out = reboot_is_left_out;
            continue;
        }
        if (has_tag && re2::RE2::PartialMatch(step.name, filter))
            ++chosen;
        else
            step.left_out = true;
        if (step.kind == "reboot") reboot_is_left_out = step.left_out;
    }
    return chosen;
}

}  // namespace qh
