// A run's console as a terminal recording that other players play.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "run/events/event.hpp"

namespace qh {

enum class cast_version { v2 = 2, v3 = 3 };

/// Asciicasts (docs.asciinema.org/manual/asciicast): the console's output with its times, a marker
/// for each step, and in version 3 QEMU's exit status. Bytes that are no UTF-8 become U+FFFD.
class cast {
  public:
    /// `began_s`: seconds since 1970; none: it is not known.
    cast(cast_version version, const std::string& title, std::optional<std::int64_t> began_s);

    /// The first line.
    const std::string& header() const { return header_; }

    /// What to append for an event of the run: lines, or nothing.
    std::string on_event(const event& told);

  private:
    std::string line(time_point when, const char* code, const std::string& text);

    cast_version version_;
    std::string header_;
    std::optional<time_point> began_;
    std::int64_t told_us_ = 0;  ///< the last line's time
    std::string unfinished_;    ///< the beginning of a character
};

/// How many bytes at the end of `bytes` may be the beginning of a character in UTF-8.
std::size_t unfinished_utf8(std::string_view bytes);

}  // namespace qh
