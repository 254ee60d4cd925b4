// A mapping in YAML's flow style, on one line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

/// Reads `{key: value, …}`, an item's `- ` in front or not, as YAML 1.2 has it ("7.4.2 Flow
/// Mappings") and so JSON's objects too: scalars in double or single quotes or plain, on one line.
/// Values of another kind are left out. None where `text` is something else.
std::optional<std::map<std::string, std::string>> flow_mapping(std::string_view text);

}  // namespace qh
