// The night as one HTML page.
#pragma once

#include <string>

#include "base/json.hpp"

namespace qh {

/// A file that works offline: the grid of cells coloured by status, each cell's attempts, steps,
/// failures, figures and console, and a filter by text. The night stands in it as data that a
/// script puts into text nodes, so nothing that a guest printed becomes markup.
std::string night_page(const json& night);

}  // namespace qh
