// A regex taken apart, as far as telling what is nearly a match needs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// A piece of a regex in RE2's syntax.
struct regex_token {
    enum class kind {
        literal,  ///< one character, escaped or not
        set,      ///< a class, an escape that stands for one, or the dot
        open,     ///< of a group, with all that says which kind of group
        close,
        bar,
        repeat,  ///< of the token before
        anchor,  ///< `^`, `$`, `\b` and their kind, and flags for what follows
    };
    kind what;
    std::string text;  ///< as written
    char value = 0;    ///< of a literal, its first byte
};

/// All pieces of a regex that RE2 takes. Concatenated they are the regex.
std::vector<regex_token> regex_tokens(std::string_view regex);

}  // namespace qh
