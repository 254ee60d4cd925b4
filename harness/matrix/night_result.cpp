#include "matrix/night_result.hpp"

namespace qh {

std::map<cell_status, std::size_t> counts_of(const night_result& night) {
    std::map<cell_status, std::size_t> counts;
    for (const auto& cell : night.cells) ++counts[cell.status];
    return counts;
}

}  // namespace qh
