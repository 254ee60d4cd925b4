#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <numeric>

namespace qh {
namespace {

bool is_plain_shell_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("@%+=:,./-_").find(c) != std::string_view::npos;
}

/// Length of the well-formed UTF-8 sequence that `bytes` starts with, or 0 (Unicode 15, table 3-7).
std::size_t utf8_sequence_length(std::string_view bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    std::size_t length = 0;
    unsigned char low = 0x80, high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    }
    if (length == 0 || bytes.size() < length) return 0;
    if (byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    return length;
}

bool is_control(std::string_view sequence) {
    const auto first = static_cast<unsigned char>(sequence[0]);
    if (sequence.size() == 1) return first < 0x20 || first == 0x7F;
    return first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

bool is_plain_layout(std::string_view sequence) {
    return sequence == "\t" || sequence == "\n";
}

/// How many letters differ, but for their case.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    const auto differ = [](char one, char other) {
        return std::tolower(static_cast<unsigned char>(one)) !=
               std::tolower(static_cast<unsigned char>(other));
    };
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + differ(a[i - 1], b[j - 1])});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::string shell_quote(std::string_view word) {
    if (!word.empty() && std::ranges::all_of(word, is_plain_shell_character))
        return std::string(word);
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

std::string shell_quote(std::span<const std::string> words) {
    std::string line;
    for (const auto& word : words) {
        if (!line.empty()) line += ' ';
        line += shell_quote(word);
    }
    return line;
}

bool is_ascii(std::string_view bytes) {
    std::uint64_t seen = 0;
    for (; bytes.size() >= sizeof seen; bytes.remove_prefix(sizeof seen)) {
        std::uint64_t word;
        std::memcpy(&word, bytes.data(), sizeof word);
        seen |= word;
    }
    for (const char byte : bytes) seen |= static_cast<unsigned char>(byte);
    return (seen & 0x8080808080808080) == 0;
}

bool is_valid_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = utf8_sequence_length(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string valid_utf8(std::string_view bytes) {
    std::string result;
    result.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = utf8_sequence_length(bytes);
        if (length == 0)
            result += "\uFFFD";
        else
            result += bytes.substr(0, length);
        bytes.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

bool has_control_characters(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto length = std::max<std::size_t>(utf8_sequence_length(bytes), 1);
        if (is_control(bytes.substr(0, length))) return true;
        bytes.remove_prefix(length);
    }
    return false;
}

std::string printable(std::string_view bytes) {
    if (std::ranges::all_of(bytes, [](char c) { return c >= 0x20 && c < 0x7F; }))
        return std::string(bytes);
    std::string result;
    result.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t length = utf8_sequence_length(bytes);
        const auto sequence = bytes.substr(0, std::max<std::size_t>(length, 1));
        if (length == 0 || (is_control(sequence) && !is_plain_layout(sequence))) {
            for (const char c : sequence)
                result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            result += sequence;
        }
        bytes.remove_prefix(sequence.size());
    }
    return result;
}

std::string closest(std::string_view word, std::span<const std::string_view> candidates) {
    const std::size_t furthest = std::max<std::size_t>(1, word.size() / 3);
    std::string_view best;
    std::size_t best_distance = furthest + 1;
    for (const auto candidate : candidates) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return std::string(best);
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::string last_lines(std::string_view text, std::size_t count) {
    if (count == 0) return {};
    while (text.ends_with('\n')) text.remove_suffix(1);
    std::size_t start = text.size();
    while (count > 0) {
        const auto newline = start == 0 ? std::string_view::npos : text.rfind('\n', start - 1);
        --count;
        if (newline == std::string_view::npos) return std::string(text);
        start = newline;
    }
    return std::string(text.substr(start + 1));
}

}  // namespace qh
