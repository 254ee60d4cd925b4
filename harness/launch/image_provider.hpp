// Where a machine's image and firmware come from.
#pragma once

#include <filesystem>
#include <string>

#include "image/firmware/boot_disk.hpp"
#include "image/firmware/firmware.hpp"
#include "image/image.hpp"

namespace qh {

/// Firmware, and a disk that it boots from.
struct firmware_boot {
    firmware_files firmware;
    std::filesystem::path disk;
};

/// Finds or builds what a machine boots. How a build is shown, and what stops it, is the
/// implementation's affair.
class image_provider {
  public:
    virtual ~image_provider() = default;

    /// The image from the cache, or built now; `name` as load_recipe takes it. Errors are
    /// load_recipe's and build_image's.
    virtual image find_or_build(const std::string& name) = 0;

    /// `content` without its EFI loader, which is the firmware's. Errors are find_firmware's and
    /// find_boot_disk's.
    virtual firmware_boot prepare_firmware_boot(boot_disk_content content) = 0;

    /// A line that a person should read before the machine starts.
    virtual void say(const std::string& line) = 0;
};

/// Leaves the building of images out: one that is not built yet is an infrastructure error that
/// says how to build it.
class cached_images final : public image_provider {
  public:
    /// `others` does all the rest, and must outlive this.
    explicit cached_images(image_provider& others) : others_(others) {}

    image find_or_build(const std::string& name) override;
    firmware_boot prepare_firmware_boot(boot_disk_content content) override;
    void say(const std::string& line) override;

  private:
    image_provider& others_;
};

}  // namespace qh
