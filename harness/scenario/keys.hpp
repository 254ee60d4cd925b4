// Keys in the texts that `send` types: "<enter>", "<ctrl-c>", "<up>".
#pragma once

#include <string>
#include <string_view>

namespace qh {

/// Replaces each known key name in angle brackets by the bytes a VT100 sends for it; "<lt>" is a
/// plain "<". Anything else in angle brackets stays as it is, so that `cat <file` needs no care.
std::string resolve_keys(std::string_view text);

}  // namespace qh
