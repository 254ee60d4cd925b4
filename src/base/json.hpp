// JSON with positions: every value knows the line and column it was written at.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace qh {

using json = nlohmann::json;
using json_path = nlohmann::json::json_pointer;

/// Where a value begins in its file; both count from 1, columns in bytes.
struct text_position {
    std::size_t line = 1;
    std::size_t column = 1;
};

/// A mistake in a file, and where. `what()` is `diagnostic()` of it.
class document_error : public error {
  public:
    document_error(std::string file, std::string_view text, text_position position,
                   std::string message);

    const std::string& file() const { return file_; }
    text_position position() const { return position_; }
    const std::string& message() const { return message_; }

  private:
    std::string file_;
    text_position position_;
    std::string message_;
};

/// A parsed JSON text (RFC 8259, with `//` and `/* */` comments) and where each value stands.
class json_document {
  public:
    /// Throws a usage error `name:line:column: error: …` with the line and a caret on bad syntax,
    /// on a key that stands twice in an object, and on nesting deeper than 100 levels.
    static json_document parse(std::string_view text, const std::string& name);

    /// Reads and parses a file of at most 16 MiB.
    static json_document load(const std::filesystem::path& path);

    const json& root() const { return root_; }

    /// The value tree for changes that keep its shape, so that positions stay true.
    json& mutable_root() { return root_; }

    const std::string& name() const { return name_; }
    const std::string& text() const { return text_; }

    /// Position of the value at `path`, or of its nearest ancestor that has one.
    text_position position(json_path path) const;

    /// A usage error that points at the value at `path`.
    document_error problem(const json_path& path, const std::string& message) const;

  private:
    std::string name_;
    std::string text_;
    json root_;
    std::map<std::string, std::size_t> offsets_;
};

/// `name:line:column: error: message`, the line itself and a caret under the column. `severity`
/// stands where "error" does.
std::string diagnostic(const std::string& name, std::string_view text, text_position position,
                       const std::string& message, std::string_view severity = "error");

/// Bytes as JSON that keeps every one of them: {"text": …} for valid UTF-8, else {"base64": …}.
json bytes_to_json(std::string_view bytes);

/// Compact JSON text; bytes that are not UTF-8 become U+FFFD rather than an exception.
std::string dump(const json& value, int indent = -1);

}  // namespace qh
