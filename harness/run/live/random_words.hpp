// The words in a channel's markers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace qh {

/// A seed that no guest can know.
std::uint64_t random_seed();

/// Twelve letters and digits at each call, to any of its copies; the same ones for the same seed.
std::function<std::string()> random_words(std::uint64_t seed);

}  // namespace qh
