#include "run/activity.hpp"

#include <fmt/format.h>

namespace qh {
namespace {

using namespace std::chrono_literals;

constexpr auto window = 10s;
/// A booted, idle guest takes a few percent of one core for its timers.
constexpr double idle_share = 0.2;

}  // namespace

void activity::on_cpu_time(time_point now, Duration cpu_time) {
    samples_.push_back({now, cpu_time});
    while (samples_.size() > 2 && now - samples_.front().when > window) samples_.pop_front();
}

activity::kind activity::current(time_point now) const {
    if (now - last_output_ < window) return kind::printing;
    if (samples_.size() < 2) return kind::computing;
    const auto wall = samples_.back().when - samples_.front().when;
    const auto cpu = samples_.back().cpu_time - samples_.front().cpu_time;
    const double share = std::chrono::duration<double>(cpu) / std::chrono::duration<double>(wall);
    return share < idle_share ? kind::idle : kind::computing;
}

std::string activity::text(time_point now) const {
    const auto silent =
        std::chrono::duration_cast<std::chrono::seconds>(now - last_output_).count();
    switch (current(now)) {
        case kind::printing:
            return "still printing";
        case kind::computing:
            return fmt::format("silent for {} s but computing", silent);
        case kind::idle:
            return fmt::format("silent for {} s and idle", silent);
    }
    return {};
}

}  // namespace qh
