// The names that must have a value before a step can begin, and the steps that give it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scenario/scenario.hpp"

namespace qh {

/// Each `{{name}}` in the comparison, and its sides, which may be names.
std::set<std::string> names_compared(const std::string& comparison);

/// The names that the step's texts and checks ask for, besides those that it captures itself. What
/// its "when" asks for decides whether it begins at all.
std::set<std::string> names_needed(const step& step);

/// Which steps capture which names.
class capture_sources {
  public:
    explicit capture_sources(const std::vector<step>& steps);

    /// The last step before `index` that captures `name`.
    std::optional<std::size_t> before(std::size_t index, const std::string& name) const;

  private:
    std::map<std::string, std::vector<std::size_t>> steps_;
};

}  // namespace qh
