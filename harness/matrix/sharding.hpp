// A night in pieces, for several machines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// Piece `index` of `count`, counted from 1.
struct shard {
    std::size_t index = 1, count = 1;
};

/// Reads "2/5". Throws a usage error.
shard parse_shard(std::string_view text);

/// For each cell the shard that it belongs to, from 1: the longest first, each to the shard that
/// has least. Depends on nothing but the names and seconds, so every machine that knows the same
/// past finds the same.
std::vector<std::size_t> share_out(const std::vector<std::string>& names,
                                   const std::vector<double>& expected_seconds, std::size_t count);

}  // namespace qh
