#include "cli/terminal/colour.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace qh {
namespace {

/// SGR codes (ECMA-48, 8.3.117).
int code_of(colour which) {
    switch (which) {
        case colour::red:
            return 31;
        case colour::green:
            return 32;
        case colour::yellow:
            return 33;
        case colour::grey:
            return 90;
    }
    return 0;
}

}  // namespace

bool wants_colours(const char* no_color, const char* clicolor_force, bool is_terminal) {
    if (no_color && *no_color) return false;
    if (clicolor_force && *clicolor_force && std::string_view(clicolor_force) != "0") return true;
    return is_terminal;
}

painter::painter(int fd)
    : on_(wants_colours(std::getenv("NO_COLOR"), std::getenv("CLICOLOR_FORCE"),
                        ::isatty(fd) == 1)) {}

std::string painter::operator()(colour which, const std::string& text) const {
    return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code_of(which), text) : text;
}

}  // namespace qh
