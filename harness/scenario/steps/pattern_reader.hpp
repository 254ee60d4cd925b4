// The regexes of a step, from JSON.
#pragma once

#include <string>
#include <vector>

#include "base/object_reader.hpp"

namespace qh {

/// Throws the reader's problem where `pattern`, the member `key` or the item `index` of it, is no
/// regex that RE2 can run.
void check_pattern(const object_reader& reader, const std::string& key, const std::string& pattern,
                   std::size_t index = 0);

/// The same of a list.
void check_patterns(const object_reader& reader, const std::string& key,
                    const std::vector<std::string>& patterns);

/// The named groups of a regex, in their order. `pattern` must be a valid one.
std::vector<std::string> group_names(const std::string& pattern);

}  // namespace qh
