#include "base/units.hpp"

#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

struct number_and_unit {
    double value;
    std::string_view unit;
};

std::optional<number_and_unit> split_quantity(std::string_view text) {
    double value = 0;
    const auto [rest, failure] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (failure != std::errc()) return std::nullopt;
    return number_and_unit{value, text.substr(static_cast<std::size_t>(rest - text.data()))};
}

std::optional<double> milliseconds_per(std::string_view unit) {
    if (unit == "ms") return 1;
    if (unit.empty() || unit == "s") return 1e3;
    if (unit == "m") return 60e3;
    if (unit == "h") return 3600e3;
    return std::nullopt;
}

std::optional<double> bytes_per(std::string_view unit) {
    constexpr double kibi = 1024;
    if (unit == "K") return kibi;
    if (unit.empty() || unit == "M") return kibi * kibi;
    if (unit == "G") return kibi * kibi * kibi;
    if (unit == "T") return kibi * kibi * kibi * kibi;
    return std::nullopt;
}

}  // namespace

Duration parse_duration(std::string_view text) {
    constexpr double longest_ms = 30.0 * 24 * 3600e3;
    const auto parts = split_quantity(text);
    const auto scale = parts ? milliseconds_per(parts->unit) : std::nullopt;
    if (!scale) throw usage_error("'{}' is not a duration; write 250ms, 30s, 2m or 1h", text);
    const double value_ms = parts->value * *scale;
    if (!(value_ms >= 1 && value_ms <= longest_ms))
        throw usage_error("duration '{}' is out of range: 1ms to 720h", text);
    return Duration(static_cast<Duration::rep>(value_ms));
}

std::uint64_t parse_memory(std::string_view text) {
    constexpr double most = 1ULL << 50;
    const auto parts = split_quantity(text);
    const auto scale = parts ? bytes_per(parts->unit) : std::nullopt;
    if (!scale) throw usage_error("'{}' is not a memory size; write 512M or 2G", text);
    const double bytes = parts->value * *scale;
    if (!(bytes >= 1 && bytes <= most)) throw usage_error("memory size '{}' is out of range", text);
    return static_cast<std::uint64_t>(bytes);
}

std::optional<quantity> parse_quantity(std::string_view text) {
    double value = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || std::isnan(value)) return std::nullopt;
    auto unit = trim(text.substr(static_cast<std::size_t>(rest - text.data())));
    if (unit.empty()) return quantity{value, dimension::none};
    if (unit == "ns") return quantity{value * 1e-9, dimension::time};
    if (unit == "us") return quantity{value * 1e-6, dimension::time};
    if (const auto scale = milliseconds_per(unit))
        return quantity{value * *scale / 1e3, dimension::time};
    if (unit == "B") return quantity{value, dimension::size};
    for (const std::string_view ending : {"iB", "B"})
        if (unit.size() > 1 && unit.ends_with(ending)) unit.remove_suffix(ending.size());
    if (const auto scale = unit.empty() ? std::nullopt : bytes_per(unit))
        return quantity{value * *scale, dimension::size};
    return std::nullopt;
}

std::string format_duration(Duration duration) {
    const double seconds = to_seconds(duration);
    if (seconds < 10) return fmt::format("{:.2f} s", seconds);
    if (seconds < 120) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<long>(seconds);
    return fmt::format("{}m {:02}s", whole / 60, whole % 60);
}

std::string format_size(std::uint64_t bytes) {
    const auto value = static_cast<double>(bytes);
    if (value < 1e3) return fmt::format("{} B", bytes);
    if (value < 1e6) return fmt::format("{:.0f} kB", value / 1e3);
    if (value < 1e9) return fmt::format("{:.0f} MB", value / 1e6);
    return fmt::format("{:.1f} GB", value / 1e9);
}

double to_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

}  // namespace qh
