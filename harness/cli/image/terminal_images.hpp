// Images for a person at the terminal, who sees them built and may stop that.
#pragma once

#include <string>

#include "image/recipe/recipe.hpp"
#include "launch/image_provider.hpp"
#include "launch/script_guest.hpp"

namespace qh {

/// Builds with progress on standard error. SIGINT and SIGTERM end a build with an interrupted
/// error.
class terminal_images final : public image_provider {
  public:
    /// `options` and `scripts` are for what is built; the progress and the stop are set here.
    explicit terminal_images(build_options options = {},
                             script_place scripts = script_place::host_if_it_can)
        : options_(std::move(options)), scripts_(scripts) {}

    image find_or_build(const std::string& name) override;
    firmware_boot prepare_firmware_boot(boot_disk_content content) override;
    void say(const std::string& line) override;

    /// Whatever is in the cache. Errors are build_image's.
    image build(const recipe& wanted);

  private:
    build_options options_;
    script_place scripts_;
};

}  // namespace qh
