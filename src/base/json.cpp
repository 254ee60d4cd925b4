#include "base/json.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include "base/base64.hpp"
#include "base/files.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::size_t deepest_nesting = 100;

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

text_position position_of(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, std::min(offset, text.size()));
    const auto newline = before.rfind('\n');
    return {1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
            newline == std::string_view::npos ? before.size() + 1 : before.size() - newline};
}

/// Builds the value tree and notes at which offset each value begins.
class positioned_builder : public nlohmann::json_sax<json> {
  public:
    positioned_builder(std::string_view text, const char* const* furthest,
                       std::map<std::string, std::size_t>& offsets)
        : text_(text), furthest_(furthest), offsets_(offsets) {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t&) override { return add(value); }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        const std::size_t start = token_start();
        if (stack_.back()->contains(name))
            return reject(start, fmt::format("key \"{}\" stands twice in this object", name));
        key_ = name;
        return true;
    }

    bool parse_error(std::size_t offset, const std::string&,
                     const nlohmann::detail::exception& e) override {
        std::string_view message = e.what();
        if (const auto cut = message.find("syntax error"); cut != std::string_view::npos)
            message.remove_prefix(cut);
        return reject(offset == 0 ? 0 : offset - 1, printable(message));
    }

    json take_root() { return std::move(root_); }

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

    json* place(json value) {
        offsets_.emplace(path_of_next().to_string(), token_start());
        if (stack_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (stack_.back()->is_array()) return &stack_.back()->emplace_back(std::move(value));
        return &((*stack_.back())[key_] = std::move(value));
    }

    json_path path_of_next() const {
        if (stack_.empty()) return json_path();
        return stack_.back()->is_array() ? path_ / stack_.back()->size() : path_ / key_;
    }

    bool add(json value) {
        place(std::move(value));
        return true;
    }

    bool open(json container) {
        const auto inner = path_of_next();
        json* const placed = place(std::move(container));
        if (stack_.size() >= deepest_nesting)
            return reject(previous_end_ - 1,
                          fmt::format("nested deeper than {} levels", deepest_nesting));
        stack_.push_back(placed);
        path_ = inner;
        return true;
    }

    bool close() {
        token_start();
        stack_.pop_back();
        if (!path_.empty()) path_.pop_back();
        return true;
    }

    bool reject(std::size_t offset, std::string message) {
        problem = std::move(message);
        problem_offset = offset;
        return false;
    }

    std::string_view text_;
    const char* const* furthest_;
    std::map<std::string, std::size_t>& offsets_;
    std::size_t previous_end_ = 0;
    json root_;
    std::vector<json*> stack_;
    json_path path_;
    std::string key_;
};

}  // namespace

json_document json_document::parse(std::string_view text, const std::string& name) {
    json_document document;
    document.name_ = name;
    document.text_ = text;
    const std::string_view kept = document.text_;
    // The library's versions tell this one in different words.
    if (kept.empty()) throw document_error(name, kept, {}, "syntax error: the text is empty");
    const char* furthest = kept.data();
    positioned_builder builder(kept, &furthest, document.offsets_);
    json::sax_parse(tracked_iterator{kept.data(), &furthest},
                    tracked_iterator{kept.data() + kept.size(), &furthest}, &builder,
                    nlohmann::detail::input_format_t::json, true, true);
    if (builder.problem)
        throw document_error(name, kept, position_of(kept, builder.problem_offset),
                             *builder.problem);
    document.root_ = builder.take_root();
    return document;
}

json_document json_document::load(const std::filesystem::path& path) {
    return parse(read_file(path, 16u << 20), path.string());
}

text_position json_document::position(json_path path) const {
    for (;;) {
        if (const auto found = offsets_.find(path.to_string()); found != offsets_.end())
            return position_of(text_, found->second);
        if (path.empty()) return {};
        path.pop_back();
    }
}

document_error json_document::problem(const json_path& path, const std::string& message) const {
    return {name_, text_, position(path), message};
}

document_error::document_error(std::string file, std::string_view text, text_position position,
                               std::string message)
    : error(fault::usage, diagnostic(file, text, position, message)),
      file_(std::move(file)),
      position_(position),
      message_(std::move(message)) {}

std::string diagnostic(const std::string& name, std::string_view text, text_position position,
                       const std::string& message, std::string_view severity) {
    constexpr std::size_t widest_line = 200;
    std::string shown =
        fmt::format("{}:{}:{}: {}: {}", name, position.line, position.column, severity, message);
    const auto lines = split_lines(text);
    if (position.line > lines.size() || lines[position.line - 1].size() > widest_line) return shown;
    std::string line(lines[position.line - 1]);
    std::ranges::replace(line, '\t', ' ');
    const auto before = std::string_view(line).substr(0, position.column - 1);
    const auto caret = 1 + std::ranges::count_if(before, starts_character);
    return fmt::format("{}\n  {}\n  {:>{}}", shown, printable(line), "^", caret);
}

json bytes_to_json(std::string_view bytes) {
    if (is_valid_utf8(bytes)) return {{"text", bytes}};
    return {{"base64", base64_encoded(bytes)}};
}

std::string dump(const json& value, int indent) {
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

}  // namespace qh
