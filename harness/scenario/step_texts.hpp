// The texts of a step as they were written, and the names in them.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "scenario/step_list.hpp"

namespace qh {

/// Calls `look` with each text below `path` and where it stands.
void for_each_text(const json_document& document, const json_path& path,
                   const std::function<void(const json_path&, const std::string&)>& look);

/// Where `text` stands: the member `key` of a step, or the item of its list that is this text; the
/// step itself where the text is that of a group around it.
json_path place_of_text(const step_source& source, const std::string& key, const std::string& text);

/// Whether the step says something under `key` itself.
bool has_member(const step_source& source, const std::string& key);

/// The names that a step captures.
std::set<std::string> captured_names(const step& step);

/// The names whose values a step asks for: each `{{name}}` in its texts, each side of a condition
/// or check.
std::set<std::string> used_names(const step_source& source, const step& step);

}  // namespace qh
