#include "base/json.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "base/base64.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t deepest_nesting = 100;
constexpr std::size_t most_values = 200'000;
constexpr std::size_t largest_file = 16u << 20;

/// Walks the text for the parser and tells how far it has read.
struct tracked_iterator {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    const char* at;
    const char** furthest;

    reference operator*() const { return *at; }
    tracked_iterator& operator++() {
        *furthest = ++at;
        return *this;
    }
    tracked_iterator operator++(int) {
        auto before = *this;
        ++*this;
        return before;
    }
    bool operator==(const tracked_iterator& other) const { return at == other.at; }
};

/// Not one of the bytes that go on with a character of UTF-8.
bool starts_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, starts_character));
}

/// The offset of the `count`th character, from 0; the text's end where it has no more.
std::size_t offset_of_character(std::string_view text, std::size_t count) {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
        if (starts_character(text[at]) && count-- == 0) break;
    return at;
}

}  // namespace

/// Builds the value tree and notes at which offset each value begins.
class positioned_builder : public nlohmann::json_sax<json> {
  public:
    positioned_builder(json_document& document, const char* const* furthest)
        : document_(document), text_(document.text_), furthest_(furthest) {}

    bool null() override { return add_scalar(nullptr); }
    bool boolean(bool value) override { return add_scalar(value); }
    bool number_integer(number_integer_t value) override { return add_scalar(value); }
    bool number_unsigned(number_unsigned_t value) override { return add_scalar(value); }
    bool number_float(number_float_t value, const string_t&) override { return add_scalar(value); }
    bool string(string_t& value) override { return add_scalar(std::move(value)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        const std::size_t start = token_start();
        if (stack_.back().value->contains(name))
            return reject(start, fmt::format("key \"{}\" stands twice in this object", name));
        key_ = name;
        key_span_ = {start, previous_end_};
        return true;
    }

    bool parse_error(std::size_t offset, const std::string&,
                     const nlohmann::detail::exception& e) override {
        std::string_view message = e.what();
        if (const auto cut = message.find("syntax error"); cut != std::string_view::npos)
            message.remove_prefix(cut);
        return reject(offset == 0 ? 0 : offset - 1, std::string(message));
    }

    std::optional<std::string> problem;
    std::size_t problem_offset = 0;

  private:
    /// The token just read begins after the one before it, past blanks, comments, commas, colons.
    std::size_t token_start() {
        std::size_t at = previous_end_;
        while (at < text_.size()) {
            if (text_.substr(at, 2) == "//") {
                at = std::min(text_.find('\n', at), text_.size());
            } else if (text_.substr(at, 2) == "/*") {
                const auto end = text_.find("*/", at + 2);
                at = end == std::string_view::npos ? text_.size() : end + 2;
            } else if (std::string_view(" \t\r\n,:").find(text_[at]) != std::string_view::npos) {
                ++at;
            } else {
                break;
            }
        }
        // The parser reads one character beyond a number to see its end.
        const auto read = static_cast<std::size_t>(*furthest_ - text_.data());
        previous_end_ = std::min(text_.find_first_not_of("+-.eE0123456789", at), read);
        if (previous_end_ == at) previous_end_ = read;
        return at;
    }

    json* add(json value) {
        const std::size_t start = token_start();
        const auto [place, is_new] = document_.places_.emplace(
            path_of_next().to_string(),
            json_document::place{std::exchange(key_span_, {}), {start, previous_end_}});
        last_place_ = &place->second;
        json& root = document_.root_;
        if (stack_.empty()) return &(root = std::move(value));
        json& around = *stack_.back().value;
        if (around.is_array()) return &around.emplace_back(std::move(value));
        return &(around[key_] = std::move(value));
    }

    json_path path_of_next() const {
        if (stack_.empty()) return json_path();
        const json& around = *stack_.back().value;
        return around.is_array() ? path_ / around.size() : path_ / key_;
    }

    bool is_full() const { return document_.places_.size() >= most_values; }

    bool add_scalar(json value) {
        if (is_full()) return reject_number();
        add(std::move(value));
        return true;
    }

    bool open(json container) {
        if (is_full()) return reject_number();
        const auto inner = path_of_next();
        json* const placed = add(std::move(container));
        if (stack_.size() >= deepest_nesting)
            return reject(previous_end_ - 1,
                          fmt::format("nested deeper than {} levels", deepest_nesting));
        stack_.push_back({placed, last_place_});
        path_ = inner;
        return true;
    }

    bool close() {
        token_start();
        stack_.back().place->value.end = previous_end_;
        stack_.pop_back();
        if (!path_.empty()) path_.pop_back();
        return true;
    }

    bool reject_number() {
        return reject(token_start(), fmt::format("more than {} values in one file", most_values));
    }

    bool reject(std::size_t offset, std::string message) {
        problem = std::move(message);
        problem_offset = offset;
        return false;
    }

    struct container {
        json* value;
        json_document::place* place;
    };

    json_document& document_;
    std::string_view text_;
    const char* const* furthest_;
    std::size_t previous_end_ = 0;
    json_document::place* last_place_ = nullptr;
    std::vector<container> stack_;
    json_path path_;
    std::string key_;
    json_document::span key_span_;
};

json_document json_document::parse(std::string_view text, const std::string& name) {
    json_document document;
    document.name_ = name;
    document.text_ = text;
    const std::string_view kept = document.text_;
    document.line_starts_ = {0};
    for (auto at = kept.find('\n'); at != std::string_view::npos; at = kept.find('\n', at + 1))
        document.line_starts_.push_back(at + 1);
    // The library's versions tell this one in different words.
    if (kept.empty()) throw document_error(name, {}, {}, "syntax error: the text is empty");
    const char* furthest = kept.data();
    positioned_builder builder(document, &furthest);
    json::sax_parse(tracked_iterator{kept.data(), &furthest},
                    tracked_iterator{kept.data() + kept.size(), &furthest}, &builder,
                    nlohmann::detail::input_format_t::json, true, true);
    if (builder.problem) {
        const auto at = document.position_of(builder.problem_offset);
        throw document_error(name, document.line(at.line), {at, at}, *builder.problem);
    }
    return document;
}

json_document json_document::load(const std::filesystem::path& path) {
    return parse(read_file(path, largest_file), path.string());
}

text_position json_document::position_of(std::size_t offset) const {
    const auto next = std::ranges::upper_bound(line_starts_, offset);
    const std::size_t start = *std::prev(next);
    const auto before = std::string_view(text_).substr(start, offset - start);
    return {static_cast<std::size_t>(next - line_starts_.begin()), 1 + count_characters(before)};
}

text_range json_document::range_of(span offsets) const {
    return {position_of(offsets.begin), position_of(offsets.end)};
}

const json_document::place& json_document::place_of(json_path path) const {
    for (;;) {
        if (const auto found = places_.find(path.to_string()); found != places_.end())
            return found->second;
        static const place nowhere;
        if (path.empty()) return nowhere;
        path.pop_back();
    }
}

text_range json_document::range(const json_path& path) const {
    return range_of(place_of(path).value);
}

text_range json_document::key_range(const json_path& path) const {
    const auto& found = place_of(path);
    return range_of(found.key.end == 0 ? found.value : found.key);
}

std::string_view json_document::line(std::size_t number) const {
    if (number == 0 || number > line_starts_.size()) return {};
    const auto rest = std::string_view(text_).substr(line_starts_[number - 1]);
    return rest.substr(0, rest.find('\n'));
}

document_error json_document::problem(const json_path& path, const std::string& message) const {
    const auto at = range(path);
    return {name_, line(at.begin.line), at, message};
}

document_error json_document::key_problem(const json_path& path, const std::string& message) const {
    const auto at = key_range(path);
    return {name_, line(at.begin.line), at, message};
}

document_error::document_error(std::string file, std::string_view line, text_range range,
                               std::string message)
    : error(fault::usage, diagnostic(file, line, range.begin, message)),
      file_(std::move(file)),
      range_(range),
      message_(printable(message)) {}

std::string diagnostic(const std::string& name, std::string_view line, text_position position,
                       const std::string& message, std::string_view severity) {
    constexpr std::size_t most_before = 60, most_characters = 120;
    std::string shown = fmt::format("{}:{}:{}: {}: {}", printable(name), position.line,
                                    position.column, severity, printable(message));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return shown;
    auto at = offset_of_character(line, position.column - 1);
    std::string_view cut_before, cut_behind;
    if (offset_of_character(line, most_characters) < line.size()) {
        auto cut = at;
        for (auto left = most_before; cut > 0 && left > 0; --cut)
            left -= starts_character(line[cut - 1]);
        if (cut > 0) cut_before = "…";
        line.remove_prefix(cut);
        at -= cut;
        if (const auto end = offset_of_character(line, most_characters); end < line.size()) {
            cut_behind = "…";
            line = line.substr(0, end);
        }
    }
    std::string text(line);
    std::ranges::replace(text, '\t', ' ');
    const auto before = fmt::format("{}{}", cut_before, printable(text.substr(0, at)));
    return fmt::format("{}\n  {}{}{}\n  {:>{}}", shown, before, printable(text.substr(at)),
                       cut_behind, "^", 1 + count_characters(before));
}

json bytes_to_json(std::string_view bytes) {
    if (is_valid_utf8(bytes)) return {{"text", bytes}};
    return {{"base64", base64_encoded(bytes)}};
}

json parse_json(std::string_view text) {
    return json::parse(text);
}

json parse_json_or_discard(std::string_view text) {
    return json::parse(text, nullptr, false);
}

std::string dump(const json& value, int indent) {
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

}  // namespace qh
