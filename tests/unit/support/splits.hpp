// The same bytes cut into chunks in different ways: no stream's answer may depend on the cuts.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace qh::test {

using chunks = std::vector<std::string>;

inline chunks cut_at_random(std::string_view bytes, unsigned seed) {
    std::mt19937 generator(seed);
    std::uniform_int_distribution<std::size_t> length(1, 7);
    chunks result;
    while (!bytes.empty()) {
        const auto size = std::min(length(generator), bytes.size());
        result.emplace_back(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    return result;
}

/// Whole, byte by byte, and cut at random in 20 ways.
inline std::vector<chunks> all_splits(std::string_view bytes) {
    std::vector<chunks> result = {{std::string(bytes)}, {}};
    for (const char byte : bytes) result[1].emplace_back(1, byte);
    for (unsigned seed = 1; seed <= 20; ++seed) result.push_back(cut_at_random(bytes, seed));
    return result;
}

/// Random bytes, rich in those that `alphabet` lists.
inline std::string random_bytes(std::string_view alphabet, std::size_t size, unsigned seed) {
    std::mt19937 generator(seed);
    std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
    std::string bytes;
    while (bytes.size() < size) bytes += alphabet[pick(generator)];
    return bytes;
}

}  // namespace qh::test
