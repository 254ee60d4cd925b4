// From a matrix to its cells.
#pragma once

#include <vector>

#include "base/problem_list.hpp"
#include "matrix/matrix.hpp"

namespace qh {

/// "smoke tiny rv64,v=true smp=2 memory=1G n=7": the same for the same point whatever else the
/// matrix has.
std::string name_of(const cell_point& point);

/// All cells in the order of the axes' values, the first axis slowest, then those that are
/// included. Of expectations that fit a cell the first holds. Tells in `problems`, with their place
/// in `document`, rules that fit no cell and a matrix of more than `most_cells`, for which it
/// returns none.
std::vector<cell> expand(const matrix& what, const json_document& document, problem_list& problems);

}  // namespace qh
