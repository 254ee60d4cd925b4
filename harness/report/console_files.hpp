// The recorded consoles of a night.
#pragma once

#include <cstddef>

#include "base/json.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// Reads the recordings of all attempts of a night: for each cell, in its order,
/// an array with page_console() of each attempt or null where there is none. They take
/// about `budget` bytes of a page together; cells that did not pass have theirs before those that
/// did. Of a file
/// that is very large only the end is read.
json read_consoles(const night_result& night, std::size_t budget);

}  // namespace qh
