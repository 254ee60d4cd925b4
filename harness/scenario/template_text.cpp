#include "scenario/template_text.hpp"

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

std::string first_placeholder(std::string_view text) {
    re2::StringPiece name;
    if (!re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), name_in_braces(),
                                &name))
        return {};
    return std::string(name.data(), name.size());
}

}  // namespace qh
