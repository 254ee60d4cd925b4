// The regexes of a step, from JSON.
#pragma once

#include <string>
#include <vector>

#include "base/object_reader.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// The member `key`, a text or a list of texts. Throws the reader's problems with what is no regex
/// that RE2 can run.
std::vector<std::string> read_patterns(object_reader& reader, const std::string& key);

/// The member "expect": a regex, or {"pass": …, "fail": …, "skip": …, "lines": N}.
expect_step read_expect(const json_document& document, object_reader& reader);

/// The named groups of a regex, in their order. `pattern` must be a valid one.
std::vector<std::string> group_names(const std::string& pattern);

}  // namespace qh
