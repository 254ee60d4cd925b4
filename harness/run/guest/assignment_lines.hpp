// A text of any length and any bytes as short lines for a shell that reads them from a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// What each line but the first of a text in `__c` begins with.
inline constexpr std::string_view next_assignment = "__k=$((__k+1));__c=$__c";

/// `text` as lines of shell that put it into `variable` piece by piece, and count themselves in
/// `__k`, which is to be 1 at the first. No line is longer than 800 bytes or holds a
/// control character, so that no terminal cuts or acts on it. The variables `__n` and `__t` must
/// hold a newline and a tab.
std::vector<std::string> assignment_lines(std::string_view text, std::string_view variable = "__c");

/// How `text` stands among other text in a line that is long enough for it, without the quotes
/// that other text may share with it.
std::string within_assignment(std::string_view text);

}  // namespace qh
