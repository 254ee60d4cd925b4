// `{{name}}` in scenario texts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// What a name between `{{` and `}}` stands for; none where it is not known (yet).
using name_lookup = std::function<std::optional<std::string>(std::string_view)>;

/// Replaces each `{{name}}` that `lookup` knows and leaves the others as they are.
std::string fill_in(std::string_view text, const name_lookup& lookup);

/// A name in braces. With blanks beside it, it stands for nothing.
struct placeholder {
    std::string name;
    bool has_blanks = false;

    std::string text() const;
    std::string stands_for_nothing() const;  ///< with blanks: what to write in its place
};

std::vector<placeholder> placeholders(std::string_view text);

}  // namespace qh
