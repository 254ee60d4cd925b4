// JSON with positions: every value knows the line and column it was written at.
#pragma once

#include <compare>
#include <cstddef>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

// Instantiated once, in json_instance.cpp, rather than in every file.
extern template class nlohmann::basic_json<>;

namespace qh {

using json = nlohmann::json;
using json_path = nlohmann::json::json_pointer;

/// A place in a file. Both count from 1; a column is one character (a code point of Unicode), and a
/// tab is one too.
struct text_position {
    std::size_t line = 1;
    std::size_t column = 1;

    auto operator<=>(const text_position&) const = default;
};

/// From its first character to behind its last one.
struct text_range {
    text_position begin;
    text_position end;
};

/// A mistake in a file, and where. `what()` is `diagnostic()` of it.
class document_error : public error {
  public:
    /// `line` is the text of the line where `range` begins; empty: it is not shown.
    document_error(std::string file, std::string_view line, text_range range, std::string message);

    const std::string& file() const { return file_; }
    text_range range() const { return range_; }
    const std::string& message() const { return message_; }

  private:
    std::string file_;
    text_range range_;
    std::string message_;
};

/// A parsed JSON text (RFC 8259, with `//` and `/* */` comments) and where each value stands.
class json_document {
  public:
    /// Throws a usage error `name:line:column: error: …` with the line and a caret on bad syntax,
    /// on a key that stands twice in an object, on nesting deeper than 100 levels and on more than
    /// 200,000 values.
    static json_document parse(std::string_view text, const std::string& name);

    /// Reads and parses a file of at most 16 MiB.
    static json_document load(const std::filesystem::path& path);

    const json& root() const { return root_; }

    /// The value tree for changes that keep its shape, so that positions stay true.
    json& mutable_root() { return root_; }

    const std::string& name() const { return name_; }
    const std::string& text() const { return text_; }

    /// Number of values, the root and those within others among them.
    std::size_t size() const { return places_.size(); }

    /// Where the value at `path` stands, or its nearest ancestor that is there.
    text_range range(const json_path& path) const;
    text_position position(const json_path& path) const { return range(path).begin; }

    /// Where the name of the member at `path` stands; the value's range where it has no name.
    text_range key_range(const json_path& path) const;

    /// The text of a line, counted from 1, without its end.
    std::string_view line(std::size_t number) const;

    /// A usage error that points at the value at `path`.
    document_error problem(const json_path& path, const std::string& message) const;

    /// The same for the name of the member at `path`.
    document_error key_problem(const json_path& path, const std::string& message) const;

  private:
    struct span {
        std::size_t begin = 0, end = 0;  ///< offsets in the text
    };
    struct place {
        span key, value;  ///< an empty key: the value has none
    };
    friend class positioned_builder;

    const place& place_of(json_path path) const;
    text_range range_of(span offsets) const;
    text_position position_of(std::size_t offset) const;

    std::string name_;
    std::string text_;
    std::vector<std::size_t> line_starts_;  ///< offsets
    json root_;
    std::map<std::string, place> places_;
};

/// `name:line:column: error: message`, the line itself and a caret under the column. `severity`
/// stands where "error" does. Of a line that is too long for a terminal the part around the column
/// is shown; an empty one is not.
std::string diagnostic(const std::string& name, std::string_view line, text_position position,
                       const std::string& message, std::string_view severity = "error");

/// Bytes as JSON that keeps every one of them: {"text": …} for valid UTF-8, else {"base64": …}.
json bytes_to_json(std::string_view bytes);

/// json::parse and the parser behind it, compiled once. Throws json::parse_error.
json parse_json(std::string_view text);

/// The same; what is not JSON makes a discarded value rather than an exception.
json parse_json_or_discard(std::string_view text);

/// Compact JSON text; bytes that are not UTF-8 become U+FFFD rather than an exception.
std::string dump(const json& value, int indent = -1);

}  // namespace qh
