// What people are shown of a console and of outputs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/console_engine.hpp"

namespace qh {

/// What a failure shows of the console.
inline constexpr std::size_t excerpt_lines = 15;

/// The last `count` lines that say something, the command channel's markers left out; made harmless
/// for a terminal.
std::string excerpt(const console_engine& console, std::size_t count);

/// The beginning of a failure's trace.
std::string trace_excerpt(const std::vector<std::string>& trace);

/// The last of those lines as it came: hostile bytes.
std::string_view last_line(const console_engine& console);

/// What a step's record keeps of its output, made harmless: 16 KiB, the middle cut out. The journal
/// has all of it.
std::string shortened_output(std::string_view output);

}  // namespace qh
