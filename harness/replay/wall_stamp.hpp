// The wall clock's time at the beginning of a log's line, where the kernel's own was left out for
// it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace qh {

struct wall_stamp {
    std::size_t length;  ///< up to the kernel's message
    double seconds;      ///< since some beginning
};

/// What no line needs more than for its stamp to be seen.
inline constexpr std::size_t longest_wall_stamp = 200;

/// As `dmesg -T`, `dmesg --time-format iso`, syslog (RFC 3164 and rsyslog's ISO 8601) and
/// journalctl print the kernel's lines; syslog's other lines have none.
std::optional<wall_stamp> wall_stamp_of(std::string_view line);

}  // namespace qh
