#include "audit/buildroot_config.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/files.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t largest_config = 4u << 20;
constexpr std::size_t most_warnings = 100;

bool is_symbol_character(unsigned char c) {
    return std::isalnum(c) || c == '_';
}

std::size_t symbol_length(std::string_view text) {
    const auto end = std::ranges::find_if_not(text, is_symbol_character);
    return static_cast<std::size_t>(end - text.begin());
}

/// The content of a string that begins behind the quote; nothing where it does not end.
std::optional<std::string> unquoted(std::string_view text) {
    std::string content;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"') return content;
        if (text[at] == '\\' && ++at == text.size()) return std::nullopt;
        content += text[at];
    }
    return std::nullopt;
}

}  // namespace

/// Reads line by line.
class config_reader {
  public:
    config_reader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    buildroot_config read() {
        for (const auto line : split_lines(text_)) {
            ++line_;
            read_line(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
        }
        return std::move(result_);
    }

  private:
    void read_line(std::string_view line) {
        if (trim(line).empty()) return;
        if (line.front() == '#') return read_comment(line.substr(1));
        const auto length = symbol_length(line);
        if (length == 0)
            return warn(1, std::isspace(static_cast<unsigned char>(line.front()))
                               ? "an indented line is passed over by make"
                               : "expected SYMBOL=VALUE or a comment; make passes this line over");
        if (length == line.size() || line[length] != '=')
            return warn(length + 1, "expected \"=\" behind the symbol; make passes this line over");
        read_value(std::string(line.substr(0, length)), line.substr(length + 1), length + 2);
    }

    void read_value(const std::string& symbol, std::string_view value, std::size_t column) {
        if (!value.starts_with('"')) {
            const auto end = std::ranges::find_if(
                value, [](unsigned char c) { return std::isspace(c) || c == '#'; });
            return set(symbol, std::string(value.begin(), end));
        }
        auto content = unquoted(value.substr(1));
        if (!content) return warn(column, "the string has no closing quote");
        set(symbol, std::move(*content));
        if (symbol == "BR2_VERSION") result_.release_ = result_.entries_[symbol].value;
    }

    void read_comment(std::string_view comment) {
        const auto words = trim(comment);
        if (words == "Automatically generated file; DO NOT EDIT.") result_.complete_ = true;
        read_release(words);
        const auto length = symbol_length(words);
        if (length > 0 && words.substr(length) == " is not set")
            set(std::string(words.substr(0, length)), "n");
    }

    /// "Buildroot 2024.02 Configuration"
    void read_release(std::string_view words) {
        constexpr std::string_view before = "Buildroot ", after = " Configuration";
        if (!words.starts_with(before) || !words.ends_with(after) ||
            words.size() <= before.size() + after.size())
            return;
        words.remove_prefix(before.size());
        words.remove_suffix(after.size());
        result_.release_ = printable(words);
    }

    void set(const std::string& symbol, std::string value) {
        auto& entry = result_.entries_[symbol];
        if (entry.line != 0)
            warn(1, fmt::format("{} was set in line {} already; the last one counts", symbol,
                                entry.line));
        entry = {std::move(value), line_};
    }

    void warn(std::size_t column, const std::string& message) {
        if (result_.warnings_.size() == most_warnings) return;
        const text_position position{line_, column};
        const auto line = split_lines(text_)[line_ - 1];
        result_.warnings_.push_back({severity::warning,
                                     name_,
                                     {position, position},
                                     message,
                                     diagnostic(name_, line, position, message, "warning")});
    }

    std::string_view text_;
    const std::string& name_;
    std::size_t line_ = 0;
    buildroot_config result_;
};

buildroot_config buildroot_config::parse(std::string_view text, const std::string& name) {
    if (text.find('\0') != text.npos || !is_valid_utf8(text))
        throw usage_error("{} is a binary file, no Buildroot configuration", name);
    return config_reader(text, name).read();
}

std::string buildroot_config::read(const std::filesystem::path& path) {
    return read_file(path, largest_config);
}

const config_entry* buildroot_config::find(std::string_view symbol) const {
    const auto found = entries_.find(symbol);
    return found == entries_.end() ? nullptr : &found->second;
}

bool buildroot_config::is_on(std::string_view symbol) const {
    const auto* const entry = find(symbol);
    return entry && entry->value == "y";
}

bool buildroot_config::is_off(std::string_view symbol) const {
    const auto* const entry = find(symbol);
    return entry && entry->value == "n";
}

std::optional<double> buildroot_config::size_bytes(std::string_view symbol) const {
    const auto* const entry = find(symbol);
    if (!entry) return std::nullopt;
    const std::string_view text = entry->value;
    double number = 0;
    const auto [rest, failure] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    const auto suffix = text.substr(static_cast<std::size_t>(rest - text.data()));
    if (failure != std::errc() || suffix.size() > 1) return std::nullopt;
    constexpr std::string_view suffixes = "kmgt";
    const char letter =
        suffix.empty() ? 'k'
                       : static_cast<char>(std::tolower(static_cast<unsigned char>(suffix[0])));
    const auto place = suffixes.find(letter);
    if (place == suffixes.npos) return std::nullopt;
    for (std::size_t power = 0; power <= place; ++power) number *= 1024;
    return number;
}

}  // namespace qh
