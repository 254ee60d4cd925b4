#include "run/assignment_lines.hpp"

#include <fmt/format.h>

#include <utility>

namespace qh {
namespace {

/// Busybox cuts edited lines near 1000 characters, terminals at 4095.
constexpr std::size_t longest_line = 800;

bool needs_printf(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

std::vector<std::string> assignment_lines(std::string_view text) {
    std::vector<std::string> lines;
    std::string line = "__c=";
    bool quoted = false;
    const auto unquote = [&] {
        if (std::exchange(quoted, false)) line += '\'';
    };
    for (const char c : text) {
        if (line.size() > longest_line - 32) {
            unquote();
            lines.push_back(std::exchange(line, "__c=$__c"));
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

}  // namespace qh
