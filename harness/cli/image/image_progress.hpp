// What a person sees while an image is built.
#pragma once

#include <chrono>
#include <string>

#include "image/firmware/boot_disk.hpp"
#include "image/firmware/firmware.hpp"
#include "image/image.hpp"
#include "launch/script_guest.hpp"

namespace qh {

/// Prints a build's progress on standard error: on a terminal one line that is rewritten a few
/// times a second, elsewhere a line for each phase and one every 5 s within it.
class image_progress {
  public:
    explicit image_progress(std::string name);
    ~image_progress();

    void show(const build_progress& progress);

  private:
    using clock = std::chrono::steady_clock;

    void print(const std::string& line, bool stays);

    std::string name_;
    bool terminal_;
    bool live_ = false;
    std::string phase_;
    build_progress last_;
    clock::time_point printed_{};
};

/// The image from the cache, or built now with progress on standard error. Ctrl-C and SIGTERM end
/// the build with an interrupted error. Errors are build_image's.
image cached_or_built(const recipe& wanted, build_options options,
                      script_place scripts = script_place::host_if_it_can);

/// Firmware, and a disk that it boots from.
struct firmware_boot {
    firmware_files firmware;
    std::filesystem::path disk;
};

/// The same for these. Errors are find_firmware's and find_boot_disk's.
firmware_boot prepare_firmware_boot(boot_disk_content content);

/// build_image with progress on standard error and Ctrl-C, whatever is in the cache.
image build_with_progress(const recipe& wanted, build_options options,
                          script_place scripts = script_place::host_if_it_can);

}  // namespace qh
