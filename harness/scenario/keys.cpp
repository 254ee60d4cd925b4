#include "scenario/keys.hpp"

#include <array>
#include <optional>
#include <utility>

namespace qh {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> named_keys = {{
    {"enter", "\r"},
    {"tab", "\t"},
    {"esc", "\x1b"},
    {"space", " "},
    {"backspace", "\x7f"},
    {"delete", "\x1b[3~"},
    {"up", "\x1b[A"},
    {"down", "\x1b[B"},
    {"right", "\x1b[C"},
    {"left", "\x1b[D"},
    {"home", "\x1b[H"},
    {"end", "\x1b[F"},
    {"lt", "<"},
    {"gt", ">"},
}};

std::optional<std::string> bytes_of(std::string_view key) {
    constexpr std::string_view control = "ctrl-";
    if (key.size() == control.size() + 1 && key.starts_with(control) && key.back() >= 'a' &&
        key.back() <= 'z')
        return std::string(1, static_cast<char>(key.back() - 'a' + 1));
    for (const auto& [name, bytes] : named_keys)
        if (key == name) return std::string(bytes);
    return std::nullopt;
}

}  // namespace

std::string resolve_keys(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto end = text.front() == '<' ? text.find('>') : std::string_view::npos;
        const auto bytes =
            end == std::string_view::npos ? std::nullopt : bytes_of(text.substr(1, end - 1));
        if (bytes) {
            result += *bytes;
            text.remove_prefix(end + 1);
        } else {
            result += text.front();
            text.remove_prefix(1);
        }
    }
    return result;
}

}  // namespace qh
