// A whole output as a person would read it.
#pragma once

#include <string>

namespace qh {

/// What a terminal comes to show of `bytes`, by the rules of transcript: lines without their `\r`,
/// colours gone, redraws resolved, valid UTF-8. Lines may have any length. Plain text comes back as
/// it is.
std::string shown_text(std::string bytes);

}  // namespace qh
