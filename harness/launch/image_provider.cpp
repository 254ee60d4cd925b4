#include "launch/image_provider.hpp"

#include "base/error.hpp"
#include "image/recipe_file/load_recipe.hpp"

namespace qh {

image cached_images::find_or_build(const std::string& name) {
    if (auto cached = find_cached(load_recipe(name))) return *cached;
    throw infrastructure_error(
        "image {0} is not built yet; build it with: qharness image build {0}", name);
}

firmware_boot cached_images::prepare_firmware_boot(boot_disk_content content) {
    return others_.prepare_firmware_boot(std::move(content));
}

void cached_images::say(const std::string& line) {
    others_.say(line);
}

}  // namespace qh
