#include "cli/terminal/console_lines.hpp"

#include <utility>

#include "base/text.hpp"
#include "run/guest/channel_script.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_line = 4096;

}  // namespace

std::vector<std::string> console_lines::feed(std::string_view bytes) {
    std::vector<std::string> lines;
    for (const char c : bytes) {
        if (c != '\n') open_ += c;
        if (c == '\n' || open_.size() >= longest_line) end_line(lines);
    }
    return lines;
}

std::vector<std::string> console_lines::finish() {
    std::vector<std::string> lines;
    if (!open_.empty()) end_line(lines);
    return lines;
}

void console_lines::end_line(std::vector<std::string>& lines) {
    auto line = std::exchange(open_, {});
    while (line.ends_with('\r')) line.pop_back();
    if (!is_channel_marker(line)) lines.push_back(printable(line));
}

}  // namespace qh
