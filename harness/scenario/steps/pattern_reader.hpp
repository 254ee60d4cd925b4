// The regexes of a step, from JSON.
#pragma once

#include <string>
#include <vector>

#include "base/object_reader.hpp"

namespace qh {

/// Throws a usage error where `pattern`, which stands under `key`, is no regex that RE2 can run.
void check_pattern(const std::string& key, const std::string& pattern);

/// The member `key`, a regex or a list of them. Throws the reader's problems with what is no regex
/// that RE2 can run.
std::vector<std::string> read_patterns(object_reader& reader, const std::string& key);

/// The named groups of a regex, in their order. `pattern` must be a valid one.
std::vector<std::string> group_names(const std::string& pattern);

}  // namespace qh
