// For runs that need neither an image nor firmware.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "launch/image_provider.hpp"

namespace qh::test {

/// Refuses to find anything, and keeps what is said.
class no_images : public image_provider {
  public:
    image find_or_build(const std::string& name) override {
        throw infrastructure_error("the test has no image {}", name);
    }
    firmware_boot prepare_firmware_boot(boot_disk_content) override {
        throw infrastructure_error("the test has no firmware");
    }
    void say(const std::string& line) override { said.push_back(line); }

    std::vector<std::string> said;
};

}  // namespace qh::test
