// The time of day, for names and records; everything that waits uses a steady clock.
#pragma once

#include <string>

namespace qh {

/// The UTC time now in a strftime(3) format.
std::string utc_now(const char* format);

}  // namespace qh
