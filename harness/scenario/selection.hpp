// Which steps of a scenario to run: `--filter` and `--tag`.
#pragma once

#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace qh {

/// What a chosen step has to have; empty parts ask for nothing.
struct step_selection {
    std::string filter;             ///< a regex (RE2) found in the step's name
    std::vector<std::string> tags;  ///< one of them among the step's tags

    bool empty() const { return filter.empty() && tags.empty(); }
};

/// Marks the steps that are not chosen, to be skipped. Boot, facts and poweroff, a login after a
/// boot, and steps with the tag "always", are for the others and stay. Returns how many steps were
/// chosen for themselves. Throws a usage error where the filter is no regex, and where none of
/// these can run without a value that steps which were left out capture.
std::size_t select_steps(scenario& scenario, const step_selection& selection);

}  // namespace qh
