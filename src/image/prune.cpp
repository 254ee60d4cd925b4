#include "image/prune.hpp"

#include <algorithm>

namespace qh {

std::vector<stored_image> to_prune(std::vector<stored_image> images, const prune_limits& limits,
                                   std::filesystem::file_time_type now) {
    std::ranges::sort(images, {}, &stored_image::used);
    std::uint64_t bytes = 0;
    for (const auto& one : images) bytes += one.bytes;
    std::vector<stored_image> pruned;
    for (auto& one : images) {
        const bool old = limits.unused_for && now - one.used > *limits.unused_for;
        const bool too_much = limits.keep_bytes && bytes > *limits.keep_bytes;
        if (!old && !too_much) break;
        bytes -= one.bytes;
        pruned.push_back(std::move(one));
    }
    return pruned;
}

std::vector<stored_image> images_to_prune(const prune_limits& limits,
                                          std::filesystem::file_time_type now) {
    std::vector<stored_image> images;
    for (const auto& name : stored_image_names()) {
        auto stored = image_store(name).list();
        std::ranges::move(stored, std::back_inserter(images));
    }
    return to_prune(std::move(images), limits, now);
}

void remove_image(const stored_image& one) {
    image_store store(one.files.name);
    const auto turn = store.lock([] {}, nullptr);
    store.remove(one);
}

}  // namespace qh
