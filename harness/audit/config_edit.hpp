// Lines put into a Buildroot configuration's text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "audit/requirement_table.hpp"

namespace qh {

struct config_edit {
    struct replacement {
        std::size_t line;  ///< from 1
        std::string before, after;
    };

    std::string text;
    std::vector<std::string> added;
    std::vector<replacement> replaced;

    bool changes_anything() const { return !added.empty() || !replaced.empty(); }
};

/// `text` with these settings: a symbol that it names gets its new value where it stands last, the
/// others come to its end, under a comment.
config_edit with_settings(std::string_view text, const std::vector<config_setting>& settings);

}  // namespace qh
