// `{{name}}` in scenario texts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

/// What a name between `{{` and `}}` stands for; none where it is not known (yet).
using name_lookup = std::function<std::optional<std::string>(std::string_view)>;

/// Replaces each `{{name}}` that `lookup` knows and leaves the others as they are.
std::string fill_in(std::string_view text, const name_lookup& lookup);

/// The first `{{name}}` in `text`, without its braces; empty where there is none.
std::string first_placeholder(std::string_view text);

}  // namespace qh
