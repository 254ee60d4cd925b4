// Conditions that can be told to be false before anything runs.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// Whether a side of a comparison is a name that has its value only when the scenario runs.
using is_name = std::function<bool(std::string_view)>;

/// Conditions of one step that can never all hold.
struct contradiction {
    std::string first, second;  ///< the second is empty where the first alone never holds
};

/// The first contradiction among the conditions; empty texts where there is none. Each must be a
/// comparison.
contradiction find_contradiction(const std::vector<std::string>& conditions, const is_name& named);

}  // namespace qh
