// The console's last lines, for people.
#pragma once

#include <string>
#include <string_view>

#include "console/console_engine.hpp"

namespace qh {

/// The last `count` lines that say something, the command channel's markers left out; made harmless
/// for a terminal.
std::string excerpt(const console_engine& console, std::size_t count);

/// The last of those lines as it came: hostile bytes.
std::string_view last_line(const console_engine& console);

}  // namespace qh
