#include "cli/image/terminal_images.hpp"

#include <signal.h>

#include <atomic>
#include <cstdio>

#include "base/locations.hpp"
#include "cli/image/image_progress.hpp"
#include "image/recipe_file/load_recipe.hpp"

namespace qh {
namespace {

std::atomic<bool> stop_asked = false;

void ask_to_stop(int) {
    stop_asked = true;
}

/// Turns SIGINT and SIGTERM into the flag for its lifetime.
class stop_on_signals {
  public:
    stop_on_signals() {
        stop_asked = false;
        struct sigaction action = {};
        action.sa_handler = ask_to_stop;
        ::sigaction(SIGINT, &action, &interrupt_before_);
        ::sigaction(SIGTERM, &action, &terminate_before_);
    }
    stop_on_signals(const stop_on_signals&) = delete;
    stop_on_signals& operator=(const stop_on_signals&) = delete;
    ~stop_on_signals() {
        ::sigaction(SIGINT, &interrupt_before_, nullptr);
        ::sigaction(SIGTERM, &terminate_before_, nullptr);
    }

  private:
    struct sigaction interrupt_before_ = {}, terminate_before_ = {};
};

/// `options` with their progress shown as `progress`, and stopped by a signal.
build_options watched(build_options options, image_progress& progress) {
    options.stop = &stop_asked;
    options.progress = [&](const build_progress& now) { progress.show(now); };
    return options;
}

}  // namespace

image terminal_images::find_or_build(const std::string& name) {
    const auto wanted = load_recipe(name);
    if (auto found = find_cached(wanted)) return *found;
    return build(wanted);
}

image terminal_images::build(const recipe& wanted) {
    auto options = options_;
    choose_script_place(wanted, scripts_, *this, options);
    const stop_on_signals signals;
    image_progress progress(wanted.name);
    return build_image(wanted, watched(std::move(options), progress));
}

firmware_boot terminal_images::prepare_firmware_boot(boot_disk_content content) {
    const stop_on_signals signals;
    image_progress progress("firmware");
    const auto options = watched(options_, progress);
    build_phases phases(options);
    const auto firmware = find_firmware(phases);
    content.efi_loader = firmware.efi_loader;
    return {firmware, find_boot_disk(content, cache_directory() / "boot", options)};
}

void terminal_images::say(const std::string& line) {
    std::fputs((line + "\n").c_str(), stderr);
}

}  // namespace qh
