#include "scenario/text/keys.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>
#include <vector>

#include "base/text.hpp"

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

/// Other programs' names for a key; a function key has none here.
std::optional<std::string> known_elsewhere(std::string_view word) {
    static const std::map<std::string, std::string, std::less<>> names = {
        {"return", "enter"}, {"escape", "esc"}, {"del", "delete"}};
    static const re2::RE2 function_key("f[0-9]{1,2}");
    if (const auto found = names.find(word); found != names.end()) return found->second;
    if (re2::RE2::FullMatch({word.data(), word.size()}, function_key)) return "";
    return std::nullopt;
}

/// What a word in angle brackets that is no key was meant as; none: as itself.
std::optional<std::string> meant_key(std::string_view word) {
    constexpr std::size_t shortest = 3, longest = 16;
    if (word.size() > longest) return std::nullopt;
    std::string lower(word);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    if (bytes_of(lower)) return lower;
    if (const auto key = known_elsewhere(lower)) return key;
    if (lower.size() < shortest) return std::nullopt;
    std::vector<std::string> keys;
    for (char letter = 'a'; letter <= 'z'; ++letter) keys.push_back(std::string("ctrl-") + letter);
    for (const auto& [name, bytes] : named_keys) keys.emplace_back(name);
    const std::vector<std::string_view> candidates(keys.begin(), keys.end());
    const auto near = closest(lower, candidates);
    return near.empty() ? std::nullopt : std::optional(near);
}

}  // namespace

std::optional<misspelt_key> find_misspelt_key(std::string_view text) {
    for (auto begin = text.find('<'); begin != text.npos; begin = text.find('<', begin + 1)) {
        const auto end = text.find('>', begin);
        if (end == text.npos) break;
        const auto word = text.substr(begin + 1, end - begin - 1);
        if (bytes_of(word)) continue;
        if (const auto meant = meant_key(word))
            return misspelt_key{fmt::format("<{}>", word),
                                meant->empty() ? "" : fmt::format("<{}>", *meant)};
    }
    return std::nullopt;
}

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
