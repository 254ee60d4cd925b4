// The cache of built images: images/NAME/<digest>/ with a manifest, and a pointer to the newest
// for each recipe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "image/image.hpp"

namespace qh {

/// What is recorded about an image besides its files.
struct build_record {
    std::string kernel_version;
    std::map<std::string, std::string> packages;          ///< name → version
    std::vector<std::pair<std::string, double>> seconds;  ///< phase → duration, in order
};

/// An image in the cache, as `image list` shows it.
struct stored_image {
    image files;
    std::uint64_t bytes = 0;
    std::filesystem::path folder;
    std::filesystem::file_time_type used{};  ///< built, or last used
};

/// One image's folder in the cache.
class image_store {
  public:
    explicit image_store(const std::string& name);

    const std::filesystem::path& folder() const { return folder_; }

    /// The image that the recipe with this digest gave, if its files are as they were built.
    std::optional<image> find_by_recipe(const std::string& recipe_digest) const;

    /// The image with this digest of its content, if its files are as they were built.
    std::optional<image> find(const std::string& digest) const;

    /// Moves `built` (kernel, initrd, maybe disk.qcow2) into place with its manifest. The image's
    /// paths are set to where it is now.
    image keep(const std::filesystem::path& built, image made, const recipe& from,
               const build_record& record);

    /// Makes the recipe point at the image.
    void point(const std::string& recipe_digest, const std::string& image_digest);

    /// Takes this image's lock; see lock_file. Makes the folder.
    unique_fd lock(const std::function<void()>& waiting, const std::atomic<bool>* stop) const;

    /// Removes what interrupted builds have left. Only for the holder of the lock.
    void remove_unfinished() const;

    /// Every image of this name.
    std::vector<stored_image> list() const;

    /// Removes one of them.
    void remove(const stored_image& one);

    /// Removes all images of this name; returns the bytes that were in them.
    std::uint64_t remove();

    /// The prefix of the folders that builds work in.
    static constexpr const char* unfinished = "building";

  private:
    std::filesystem::path folder_of(const std::string& digest) const;

    std::string name_;
    std::filesystem::path folder_;
};

/// Remembers that the image was used now.
void note_use(const image& used);

/// Names of all images in the cache, sorted.
std::vector<std::string> stored_image_names();

}  // namespace qh
