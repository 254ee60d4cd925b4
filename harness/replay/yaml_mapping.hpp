// One YAML mapping, read by libyaml, which also writes the logs of LAVA.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

/// Reads a mapping, or a list of one, such as `- {key: value, …}`. What a mapping
/// in it holds is named "outer.inner"; lists, and mappings deeper down, are left out. Returns
/// nothing where `text` is something else, is no YAML, or nests deeper than 16 levels. The work is
/// bounded by the length of `text`.
std::optional<std::map<std::string, std::string>> yaml_mapping(std::string_view text);

}  // namespace qh
