#include "cli/image/image_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/units.hpp"

namespace qh {
namespace {

constexpr auto redraw_every = std::chrono::milliseconds(200);
constexpr auto say_every = std::chrono::seconds(5);

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

}  // namespace qh
