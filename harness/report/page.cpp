#include "report/page.hpp"

#include <string_view>

namespace qh {
namespace {

/// In two pieces, between which the data stands.
constexpr std::string_view before_data =
#include "report/page_head.inc"
    ;
constexpr std::string_view after_data =
#include "report/page_script.inc"
    ;

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

}  // namespace

std::string night_page(const json& night) {
    json data = night;
    data.erase("all_cells");
    std::string page(before_data);
    page += as_script_data(data);
    page += after_data;
    return page;
}

}  // namespace qh
