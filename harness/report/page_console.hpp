// Consoles as the night's page plays them: small enough for all of a night in one file.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace qh {

/// How many bytes each of consoles of these sizes may take when all together may take `budget`: as
/// many as it has, but none more than `most`, and where that is too much the same for all large
/// ones.
std::vector<std::size_t> share_out_bytes(const std::vector<std::size_t>& sizes, std::size_t budget,
                                         std::size_t most);

/// A recording (console.cast, an asciicast of version 3) as
/// {"events": [[ms since the event before, text] or [ms, null, step]], "cut_bytes": about how
/// much before them is left out, "cut_ms": how long that took}, which takes about `limit` bytes in
/// the page: the last ones, for there is why a run ended. Text that came at nearly the same time is
/// one event. Lines that are none of a recording are passed over.
json page_console(std::string_view cast, std::size_t limit);

}  // namespace qh
