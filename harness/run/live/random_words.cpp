#include "run/live/random_words.hpp"

#include <memory>
#include <random>
#include <string_view>

namespace qh {

std::uint64_t random_seed() {
    std::random_device source;
    return std::uint64_t{source()} << 32 | source();
}

std::function<std::string()> random_words(std::uint64_t seed) {
    // Shared by all copies of the function, so that no two give the same word.
    return [generator = std::make_shared<std::mt19937_64>(seed)] {
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
        std::string word;
        // Not std::uniform_int_distribution, which is each library's own.
        for (int i = 0; i < 12; ++i) word += letters[(*generator)() % letters.size()];
        return word;
    };
}

}  // namespace qh
