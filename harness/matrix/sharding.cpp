#include "matrix/sharding.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"

namespace qh {

shard parse_shard(std::string_view text) {
    static const re2::RE2 form("([0-9]{1,4})/([0-9]{1,4})");
    shard result;
    if (!re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), form, &result.index,
                             &result.count) ||
        result.index < 1 || result.index > result.count)
        throw usage_error("--shard wants I/N with I from 1 to N, as in 2/5, not '{}'", text);
    return result;
}

std::vector<std::size_t> share_out(const std::vector<std::string>& names,
                                   const std::vector<double>& expected_seconds, std::size_t count) {
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        if (expected_seconds[a] != expected_seconds[b])
            return expected_seconds[a] > expected_seconds[b];
        return names[a] < names[b];
    });
    std::vector<double> total(count);
    std::vector<std::size_t> shards(names.size());
    for (const auto cell : order) {
        const auto least = std::ranges::min_element(total) - total.begin();
        total[static_cast<std::size_t>(least)] += expected_seconds[cell];
        shards[cell] = static_cast<std::size_t>(least) + 1;
    }
    return shards;
}

}  // namespace qh
