// The night as one HTML page.
#pragma once

#include <string>

#include "base/json.hpp"
#include "matrix/night_result.hpp"

namespace qh {

/// What the page shows besides the night itself; null: it is not known.
struct page_extras {
    json changes;   ///< compare_nights() with the night before
    json trends;    ///< history::trends()
    json consoles;  ///< read_consoles()
};

/// How many bytes of a page may be consoles, beside those of 1,000 cells' other data: all together
/// stay below 10 MB.
inline constexpr std::size_t page_console_bytes = 5'000'000;

/// A file that works offline: the grid of cells coloured by status, what changed, each cell's
/// attempts, steps, failures, trends of figures, and console, which can be played. All of it stands
/// in the page as data that a script puts into text nodes, so nothing that a guest printed becomes
/// markup; the Content-Security-Policy lets only that script run, by its hash, and nothing be
/// loaded.
std::string night_page(const night_result& night, const page_extras& extras = {});

}  // namespace qh
