#include "run/guest/assignment_lines.hpp"

#include <fmt/format.h>

#include <utility>

namespace qh {
namespace {

/// Busybox cuts edited lines near 1000 characters, terminals at 4095.
constexpr std::size_t longest_line = 800;

bool needs_printf(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::vector<std::string> lines_of(std::string_view text, std::string_view variable,
                                  std::size_t longest) {
    std::vector<std::string> lines;
    std::string line = fmt::format("{}=", variable);
    const auto next = fmt::format("__k=$((__k+1));{0}=${0}", variable);
    bool quoted = false;
    const auto unquote = [&] {
        if (std::exchange(quoted, false)) line += '\'';
    };
    for (const char c : text) {
        if (line.size() > longest - 32) {
            unquote();
            lines.push_back(std::exchange(line, next));
        }
        if (c == '\n') {
            unquote();
            line += "\"$__n\"";
        } else if (c == '\t') {
            unquote();
            line += "\"$__t\"";
        } else if (c == '\'') {
            unquote();
            line += "\\'";
        } else if (needs_printf(c)) {
            unquote();
            line += fmt::format("\"$(printf '\\{:03o}')\"", static_cast<unsigned char>(c));
        } else {
            if (!std::exchange(quoted, true)) line += '\'';
            line += c;
        }
    }
    unquote();
    lines.push_back(std::move(line));
    return lines;
}

}  // namespace

std::vector<std::string> assignment_lines(std::string_view text, std::string_view variable) {
    return lines_of(text, variable, longest_line);
}

std::string within_assignment(std::string_view text) {
    // Behind a further character only what belongs to the text itself is left of its quotes.
    auto line = lines_of(std::string(text) + "x", "", std::string::npos).front();
    line.erase(0, std::string_view("=").size());
    line.erase(line.size() - std::string_view("x'").size());
    if (line.starts_with('\'')) line.erase(0, 1);
    if (line.ends_with('\'')) line.pop_back();
    return line;
}

}  // namespace qh
