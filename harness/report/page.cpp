#include "report/page.hpp"

#include <map>
#include <string_view>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "report/page_assets.hpp"
#include "report/page_data.hpp"

namespace qh {
namespace {

/// Within a script element only "</script" and "<!--" mean anything; JSON has no "<" outside texts.
std::string as_script_data(const json& value) {
    std::string text;
    for (const char c : dump(value))
        if (c == '<')
            text += "\\u003c";
        else
            text += c;
    return text;
}

/// The source expression of a Content-Security-Policy that allows this very text.
std::string policy_hash(std::string_view text) {
    return "sha256-" + base64_encoded(*hex_decoded(sha256_hex(text)));
}

/// The template with {{NAME}} replaced; what stands in the values is not looked at.
std::string filled(std::string_view form, const std::map<std::string_view, std::string>& values) {
    std::string page;
    for (std::size_t at = 0; at < form.size();) {
        const auto begin = form.find("{{", at);
        page += form.substr(at, begin - at);
        if (begin == std::string_view::npos) break;
        const auto end = form.find("}}", begin);
        page += values.at(form.substr(begin + 2, end - begin - 2));
        at = end + 2;
    }
    return page;
}

}  // namespace

std::string night_page(const night_result& night, const page_extras& extras) {
    auto data = page_data(night);
    if (!extras.changes.is_null()) data["changes"] = extras.changes;
    if (!extras.trends.is_null()) data["trends"] = extras.trends;
    if (!extras.consoles.is_null()) data["consoles"] = extras.consoles;
    return filled(page_form, {{"style", std::string(page_style)},
                              {"style hash", policy_hash(page_style)},
                              {"script", std::string(page_script)},
                              {"script hash", policy_hash(page_script)},
                              {"data", as_script_data(data)}});
}

}  // namespace qh
