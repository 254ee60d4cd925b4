#include "scenario/text/template_text.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

namespace qh {
namespace {

const re2::RE2& name_in_braces() {
    static const re2::RE2 pattern(R"(\{\{([A-Za-z_][A-Za-z0-9_.]*)\}\})");
    return pattern;
}

}  // namespace

std::string fill_in(std::string_view text, const name_lookup& lookup) {
    std::string result;
    re2::StringPiece rest(text.data(), text.size());
    re2::StringPiece groups[2];
    while (name_in_braces().Match(rest, 0, rest.size(), re2::RE2::UNANCHORED, groups, 2)) {
        result.append(rest.data(), groups[0].data());
        const auto value = lookup({groups[1].data(), groups[1].size()});
        if (value)
            result += *value;
        else
            result.append(groups[0].data(), groups[0].size());
        rest.remove_prefix(
            static_cast<std::size_t>(groups[0].data() + groups[0].size() - rest.data()));
    }
    result.append(rest.data(), rest.size());
    return result;
}

std::string placeholder::text() const {
    const auto* const blank = has_blanks ? " " : "";
    return fmt::format("{{{{{0}{1}{0}}}}}", blank, name);
}

std::string placeholder::stands_for_nothing() const {
    return fmt::format("{} stands for nothing; write {{{{{}}}}}, without blanks", text(), name);
}

std::vector<placeholder> placeholders(std::string_view text) {
    static const re2::RE2 pattern(R"(\{\{(\s*)([A-Za-z_][A-Za-z0-9_.]*)(\s*)\}\})");
    std::vector<placeholder> found;
    if (text.find("{{") == std::string_view::npos) return found;
    re2::StringPiece rest(text.data(), text.size()), before, name, behind;
    while (re2::RE2::FindAndConsume(&rest, pattern, &before, &name, &behind))
        found.push_back({{name.data(), name.size()}, !before.empty() || !behind.empty()});
    return found;
}

}  // namespace qh
