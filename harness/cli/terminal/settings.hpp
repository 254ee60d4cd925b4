// NAME=VALUE, as --set has it.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace qh {

/// Throws a usage error on a text of another shape. Of equal names the last one counts.
std::map<std::string, std::string> parse_settings(const std::vector<std::string>& texts);

}  // namespace qh
