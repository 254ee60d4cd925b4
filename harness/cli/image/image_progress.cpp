#include "cli/image/image_progress.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "base/error.hpp"
#include "base/locations.hpp"
#include "base/units.hpp"

namespace qh {
namespace {

constexpr auto redraw_every = std::chrono::milliseconds(200);
constexpr auto say_every = std::chrono::seconds(5);

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

/// "120 of 202 (329 MB)", as much of it as is known.
std::string amount(const build_progress& progress) {
    std::string text;
    if (progress.total != 0) text += fmt::format(" {} of {}", progress.done, progress.total);
    if (progress.bytes != 0) text += fmt::format(" ({})", format_size(progress.bytes));
    return text;
}

}  // namespace

image_progress::image_progress(std::string name)
    : name_(std::move(name)), terminal_(::isatty(STDERR_FILENO) == 1) {}

image_progress::~image_progress() {
    if (live_) std::fputs("\r\033[K", stderr);
}

void image_progress::show(const build_progress& progress) {
    if (!progress.warning.empty()) return print("warning: " + progress.warning, true);
    const auto now = clock::now();
    const bool new_phase = progress.phase != phase_;
    phase_ = progress.phase;
    if (!progress.finished) last_ = progress;
    if (progress.phase == "wait") {
        print("waiting for another build to finish", !terminal_);
    } else if (progress.finished) {
        const auto took = Duration(static_cast<Duration::rep>(progress.seconds * 1000));
        print(fmt::format("{}:{} {}", progress.phase, amount(last_), format_duration(took)), true);
    } else if (terminal_) {
        if (!new_phase && now - printed_ < redraw_every) return;
        print(fmt::format("{}{} …", progress.phase, amount(progress)), false);
    } else {
        if (new_phase) printed_ = now;
        if (now - printed_ < say_every) return;
        print(progress.phase + amount(progress), true);
    }
    printed_ = now;
}

void image_progress::print(const std::string& line, bool stays) {
    std::fprintf(stderr, "%simage %s: %s%s", live_ ? "\r\033[K" : "", name_.c_str(), line.c_str(),
                 stays ? "\n" : "");
    live_ = !stays;
}

image build_with_progress(const recipe& wanted, build_options options, script_place scripts) {
    choose_script_place(wanted, scripts, options);
    const stop_on_signals signals;
    image_progress progress(wanted.name);
    options.stop = &stop_asked;
    options.progress = [&](const build_progress& now) { progress.show(now); };
    return build_image(wanted, options);
}

firmware_boot prepare_firmware_boot(boot_disk_content content) {
    const stop_on_signals signals;
    image_progress progress("firmware");
    build_options options;
    options.stop = &stop_asked;
    options.progress = [&](const build_progress& now) { progress.show(now); };
    build_phases phases(options);
    const auto firmware = find_firmware(phases);
    content.efi_loader = firmware.efi_loader;
    return {firmware, find_boot_disk(content, cache_directory() / "boot", options)};
}

image cached_or_built(const recipe& wanted, build_options options, script_place scripts) {
    if (auto found = find_cached(wanted)) return *found;
    return build_with_progress(wanted, std::move(options), scripts);
}

}  // namespace qh
