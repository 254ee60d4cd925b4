// Which images in the cache to give up.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "image/image_store.hpp"

namespace qh {

struct prune_limits {
    std::optional<std::chrono::seconds> unused_for = std::nullopt;  ///< and longer
    std::optional<std::uint64_t> keep_bytes = std::nullopt;         ///< at most, of those used last
};

/// Those of `images` beyond a limit, the longest unused first.
std::vector<stored_image> to_prune(std::vector<stored_image> images, const prune_limits& limits,
                                   std::filesystem::file_time_type now);

/// The same of the whole cache.
std::vector<stored_image> images_to_prune(const prune_limits& limits,
                                          std::filesystem::file_time_type now);

/// Removes it, waiting for a build of that name to end.
void remove_image(const stored_image& one);

}  // namespace qh
