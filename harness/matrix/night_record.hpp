// A night's folder as what it came to.
#pragma once

#include <filesystem>
#include <vector>

#include "matrix/night_result.hpp"

namespace qh {

/// Reads a night's folder, finished or not, or a run's folder as a night of one cell. Throws a
/// usage error where the folder is neither or has been damaged.
night_result read_night(const std::filesystem::path& folder);

/// Where `matrix` keeps the history of a night: history.db beside its folder.
std::filesystem::path history_beside(const std::filesystem::path& night);

/// One night made of the shards of one matrix. Throws a usage error where they are of several, and
/// where two of them have run the same cell.
night_result merge_nights(const std::vector<night_result>& shards);

}  // namespace qh
