// The files of harness/report/page, as they stand in the program.
#pragma once

#include <string_view>

namespace qh {

extern const std::string_view page_form;    ///< page.html
extern const std::string_view page_style;   ///< page.css
extern const std::string_view page_script;  ///< all scripts, one behind the other

}  // namespace qh
