#include "replay/flow_mapping.hpp"

#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace qh {
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
    const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
    if (code < 0x80) return byte(code);
    if (code < 0x800) {
        byte(0xC0 | code >> 6);
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
    } else {
        byte(0xF0 | (code >> 18 & 7));
        byte(0x80 | (code >> 12 & 0x3F));
        byte(0x80 | (code >> 6 & 0x3F));
    }
    byte(0x80 | (code & 0x3F));
}

/// What an escape of one letter stands for ("5.7 Escaped Characters"); 0 and 'x', 'u', 'U' apart.
std::string_view escaped(char letter) {
    switch (letter) {
        case 'a':
            return "\a";
        case 'b':
            return "\b";
        case 't':
            return "\t";
        case 'n':
            return "\n";
        case 'v':
            return "\v";
        case 'f':
            return "\f";
        case 'r':
            return "\r";
        case 'e':
            return "\x1b";
        case 'N':
            return "\xC2\x85";
        case '_':
            return "\xC2\xA0";
        case 'L':
            return "\xE2\x80\xA8";
        case 'P':
            return "\xE2\x80\xA9";
        default:
            return {};
    }
}

class flow_reader {
  public:
    explicit flow_reader(std::string_view text) : rest_(text) {}

    std::optional<std::map<std::string, std::string>> mapping() {
        std::map<std::string, std::string> found;
        blanks();
        if (take("- ")) blanks();
        if (!take("{")) return std::nullopt;
        for (blanks(); !take("}"); blanks()) {
            auto key = scalar(":");
            blanks();
            if (!key || !take(":")) return std::nullopt;
            blanks();
            if (rest_.starts_with('[') || rest_.starts_with('{')) {
                if (!skip_collection()) return std::nullopt;
            } else {
                auto value = scalar(",}");
                if (!value) return std::nullopt;
                found[*key] = std::move(*value);
            }
            blanks();
            if (!take(",") && !rest_.starts_with('}')) return std::nullopt;
        }
        return found;
    }

  private:
    bool take(std::string_view word) {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    void blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    }

    std::optional<std::string> scalar(std::string_view end_of_plain) {
        if (take("\"")) return double_quoted();
        if (take("'")) return single_quoted();
        const auto end = std::min(rest_.find_first_of(end_of_plain), rest_.size());
        const auto text = trim(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return std::string(text);
    }

    std::optional<std::string> single_quoted() {
        std::string text;
        while (!rest_.empty()) {
            const auto quote = rest_.find('\'');
            if (quote == std::string_view::npos) return std::nullopt;
            text += rest_.substr(0, quote);
            rest_.remove_prefix(quote + 1);
            if (!take("'")) return text;
            text += '\'';
        }
        return std::nullopt;
    }

    std::optional<std::string> double_quoted() {
        std::string text;
        while (!rest_.empty()) {
            const auto next = rest_.find_first_of("\"\\");
            if (next == std::string_view::npos) return std::nullopt;
            text += rest_.substr(0, next);
            const bool ended = rest_[next] == '"';
            rest_.remove_prefix(next + 1);
            if (ended) return text;
            if (!escape(text)) return std::nullopt;
        }
        return std::nullopt;
    }

    bool escape(std::string& text) {
        if (rest_.empty()) return false;
        const char letter = rest_.front();
        rest_.remove_prefix(1);
        if (letter == '0') {
            text += '\0';
            return true;
        }
        const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
        if (digits == 0) {
            const auto meant = escaped(letter);
            text += meant.empty() ? std::string_view(&letter, 1) : meant;
            return true;
        }
        std::uint32_t code = 0;
        const auto number = rest_.substr(0, digits);
        const auto [end, failure] =
            std::from_chars(number.data(), number.data() + number.size(), code, 16);
        if (failure != std::errc() || number.size() != digits || end != number.data() + digits)
            return false;
        rest_.remove_prefix(digits);
        // JSON writes what is beyond 16 bits as a pair.
        if (code >= 0xD800 && code < 0xDC00 && rest_.starts_with("\\u")) {
            std::uint32_t low = 0;
            const auto pair = rest_.substr(2, 4);
            std::from_chars(pair.data(), pair.data() + pair.size(), low, 16);
            if (low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                rest_.remove_prefix(6);
            }
        }
        append_utf8(text, code);
        return true;
    }

    bool skip_collection() {
        std::size_t depth = 0;
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (c == '"' || c == '\'') {
                if (!scalar("")) return false;
                continue;
            }
            rest_.remove_prefix(1);
            if (c == '[' || c == '{') ++depth;
            if ((c == ']' || c == '}') && --depth == 0) return true;
        }
        return false;
    }

    std::string_view rest_;
};

}  // namespace

std::optional<std::map<std::string, std::string>> flow_mapping(std::string_view text) {
    return flow_reader(text).mapping();
}

}  // namespace qh
