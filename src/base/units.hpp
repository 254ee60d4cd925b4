// Durations and sizes as people write them: "90s", "2m", "512M", "2G".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

using Duration = std::chrono::milliseconds;
using time_point = std::chrono::steady_clock::time_point;

/// Reads "250ms", "30s", "2m" or "1h"; a bare number counts seconds. Fractions are allowed.
/// Throws a usage error on anything else, and on zero or less or more than 30 days.
Duration parse_duration(std::string_view text);

/// Reads a size as QEMU's -m does: "512M", "2G", "64K"; a bare number counts MiB.
/// Throws a usage error on anything else, and on zero.
std::uint64_t parse_memory(std::string_view text);

/// What a number with a unit measures.
enum class dimension { none, time, size };

/// A number as people write it, in seconds or bytes where it has a unit of either.
struct quantity {
    double value;
    enum dimension dimension;
};

/// Reads "42", "1.5e3", "300ms" (ns us ms s m h) or "8G" (B K M G T, with iB or B behind them;
/// all powers of 1024, as QEMU's and Linux's are); nothing where the text is no number.
std::optional<quantity> parse_quantity(std::string_view text);

/// "0.42 s", "12.3 s", "2m 05s": for people, not for records.
std::string format_duration(Duration duration);

/// "226 MB", "1.3 GB" (powers of 1000): for people, not for records.
std::string format_size(std::uint64_t bytes);

double to_seconds(Duration duration);

}  // namespace qh
