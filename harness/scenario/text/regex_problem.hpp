// What is wrong with a regex, in words that help whoever knows other dialects.
#pragma once

#include <string>

namespace qh {

/// Why RE2 cannot run `pattern`: its own words, and where it is a construct of other dialects the
/// construct's name and what to do instead. Empty where it can.
std::string regex_problem(const std::string& pattern);

}  // namespace qh
