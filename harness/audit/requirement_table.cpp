#include "audit/requirement_table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/locations.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

constexpr std::array<std::string_view, 13> keys = {
    "requirement", "level", "minimum",  "proof",   "why",  "given-by", "with",
    "mend",        "idle",  "own-tree", "without", "note", "unknown"};

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!(text = trim(text)).empty()) {
        const auto end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

config_condition parse_condition(const std::string& word) {
    if (word.ends_with("!=n"))
        return {word.substr(0, word.size() - 3), config_condition::kind::is_not_off, ""};
    if (const auto at = word.find('>'); at != word.npos)
        return {word.substr(0, at), config_condition::kind::is_larger, word.substr(at + 1)};
    return {word, config_condition::kind::is_on, ""};
}

class table_reader {
  public:
    table_reader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    std::vector<requirement> read() {
        for (const auto line : split_lines(text_)) {
            ++line_;
            if (line.starts_with('#')) continue;
            if (trim(line).empty())
                finish();
            else
                read_line(line);
        }
        ++line_;
        finish();
        return std::move(table_);
    }

  private:
    void read_line(std::string_view line) {
        const auto colon = line.find(": ");
        if (colon == line.npos) throw problem("expected \"key: value\"");
        const auto key = line.substr(0, colon);
        const std::string value(trim(line.substr(colon + 2)));
        if (!std::ranges::count(keys, key)) {
            const auto near = closest(key, keys);
            throw problem(fmt::format("there is no key \"{}\"{}", printable(key),
                                      near.empty() ? "" : "; did you mean \"" + near + "\"?"));
        }
        if (key == "requirement") return begin(value);
        if (!current_) throw problem("expected \"requirement: NAME\" first");
        read_member(key, value);
    }

    void begin(const std::string& name) {
        if (current_) throw problem("expected a blank line before the next requirement");
        if (std::ranges::count(table_, name, &requirement::name))
            throw problem(fmt::format("\"{}\" stands in the table already", name));
        current_.emplace();
        current_->name = name;
    }

    void read_member(std::string_view key, const std::string& value) {
        auto& one = *current_;
        if (key == "level") {
            if (value != "required" && value != "recommended")
                throw problem("a level is required or recommended");
            one.is_required = value == "required";
            has_level_ = true;
        } else if (key == "given-by") {
            auto& conditions = one.given_by.emplace_back();
            for (const auto& word : words_of(value)) conditions.push_back(parse_condition(word));
        } else if (key == "mend") {
            for (const auto& word : words_of(value)) one.mend.push_back(parse_setting(word));
        } else if (key == "with") {
            one.with = words_of(value);
        } else if (key == "idle") {
            one.idle = words_of(value);
        } else if (key == "own-tree") {
            one.own_tree = words_of(value);
        } else {
            text_member(key) = value;
        }
    }

    std::string& text_member(std::string_view key) {
        auto& one = *current_;
        if (key == "minimum") return one.minimum;
        if (key == "proof") return one.proof;
        if (key == "why") return one.why;
        if (key == "without") return one.without;
        if (key == "unknown") return one.unknown;
        return one.note;
    }

    config_setting parse_setting(const std::string& word) const {
        const auto equals = word.find('=');
        if (equals == word.npos) throw problem("expected lines SYMBOL=VALUE to add");
        return {word.substr(0, equals), word.substr(equals + 1)};
    }

    void finish() {
        if (!current_) return;
        auto& one = *current_;
        if (!has_level_ || one.proof.empty() || one.why.empty())
            throw problem(fmt::format("\"{}\" has no level, no proof or no why", one.name));
        if (one.given_by.empty() && one.without.empty() && one.unknown.empty())
            throw problem(fmt::format(
                "\"{}\" does not say what brings it: given-by, without or unknown", one.name));
        if (!one.given_by.empty() && one.mend.empty())
            throw problem(fmt::format("\"{}\" has no lines that mend it", one.name));
        table_.push_back(std::move(one));
        current_.reset();
        has_level_ = false;
    }

    document_error problem(const std::string& message) const {
        const text_position begin{line_, 1};
        const auto lines = split_lines(text_);
        const auto line = line_ > 0 && line_ <= lines.size() ? lines[line_ - 1] : "";
        return {file_, std::string(line), {begin, begin}, message};
    }

    std::string_view text_;
    const std::string& file_;
    std::size_t line_ = 0;
    std::optional<requirement> current_;
    bool has_level_ = false;
    std::vector<requirement> table_;
};

}  // namespace

std::vector<requirement> parse_requirements(std::string_view text, const std::string& file) {
    return table_reader(text, file).read();
}

std::vector<requirement> load_requirements() {
    const auto path = data_directory() / "scenarios/lib/pytorch_build/requirements.txt";
    return parse_requirements(read_file(path), path.string());
}

}  // namespace qh
