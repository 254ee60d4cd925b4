// Images in the cache and recipes that could give one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace qh {

/// An image, and whether it is what its recipe gives today.
struct listed_image {
    std::string name;
    std::string state;  ///< "current", "old", "not built", or "own": of a recipe elsewhere
    std::uint64_t bytes = 0;
    std::string folder;
    std::optional<std::chrono::seconds> unused_for = std::nullopt;
    std::string description;
};

/// Sorted by name.
std::vector<listed_image> list_images();

json to_json(const std::vector<listed_image>& images);

/// A line for each, as a table.
std::string to_text(const std::vector<listed_image>& images);

}  // namespace qh
