// What the night's page shows of cells.
#pragma once

#include "base/json.hpp"

namespace qh {

/// A night (night_record.hpp) with only what the page shows of it, long texts cut to their ends.
json page_data(const json& night);

}  // namespace qh
