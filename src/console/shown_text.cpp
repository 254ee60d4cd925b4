#include "console/shown_text.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "console/transcript.hpp"

namespace qh {
namespace {

bool is_plain(const std::string& bytes) {
    constexpr unsigned char first_printable = 0x20, rubout = 0x7F;
    const bool has_control = std::ranges::any_of(bytes, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < first_printable && byte != '\n' && byte != '\t') || byte == rubout;
    });
    return !has_control && is_valid_utf8(bytes);
}

}  // namespace

std::string shown_text(std::string bytes) {
    if (is_plain(bytes)) return bytes;
    transcript screen(std::numeric_limits<std::size_t>::max());
    screen.feed(bytes);
    screen.feed("\n");  // completes the last line, and is taken off again
    return std::string(screen.lines(screen.oldest(), screen.complete() - 1));
}

}  // namespace qh
