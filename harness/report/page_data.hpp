// What the night's page shows of cells.
#pragma once

#include "base/json.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// A night with only what the page shows of it, long texts cut to their ends.
json page_data(const night_result& night);

}  // namespace qh
