// Keys in the texts that `send` types: "<enter>", "<ctrl-c>", "<up>".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace qh {

/// Replaces each known key name in angle brackets by the bytes a VT100 sends for it; "<lt>" is a
/// plain "<". Anything else in angle brackets stays as it is, so that `cat <file` needs no care.
std::string resolve_keys(std::string_view text);

struct misspelt_key {
    std::string written, meant;  ///< in their brackets; `meant` is empty where nothing is near
};

/// The first text in angle brackets that is no key, and was meant as one.
std::optional<misspelt_key> find_misspelt_key(std::string_view text);

}  // namespace qh
