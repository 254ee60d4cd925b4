#include "run/judge/excerpt.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "run/guest/channel_script.hpp"

namespace qh {
namespace {

constexpr std::size_t lines_looked_at = 50;

std::vector<std::string_view> telling_lines(const console_engine& console) {
    auto lines = console.last_lines(lines_looked_at);
    std::erase_if(
        lines, [](std::string_view line) { return trim(line).empty() || is_channel_marker(line); });
    return lines;
}

}  // namespace

std::string excerpt(const console_engine& console, std::size_t count) {
    const auto lines = telling_lines(console);
    std::string text;
    for (auto i = lines.size() - std::min(count, lines.size()); i < lines.size(); ++i)
        text += (text.empty() ? "" : "\n") + printable(lines[i]);
    return text;
}

std::string trace_excerpt(const std::vector<std::string>& trace) {
    const auto shown = std::min(trace.size(), excerpt_lines);
    auto text = fmt::format(
        "{}", fmt::join(trace.begin(), trace.begin() + static_cast<std::ptrdiff_t>(shown), "\n"));
    if (shown < trace.size())
        text +=
            fmt::format("\n[… {} more lines of the trace in result.json …]", trace.size() - shown);
    return text;
}

std::string_view last_line(const console_engine& console) {
    const auto lines = telling_lines(console);
    return lines.empty() ? std::string_view() : lines.back();
}

std::string shortened_output(std::string_view output) {
    constexpr std::size_t longest = 16 << 10;
    const auto text = printable(output);
    if (text.size() <= longest) return text;
    const auto half = longest / 2;
    return fmt::format("{}\n[… {} bytes cut …]\n{}", text.substr(0, half), text.size() - longest,
                       text.substr(text.size() - half));
}

}  // namespace qh
