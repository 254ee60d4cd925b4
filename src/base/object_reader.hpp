// Reads one JSON object key by key; every mistake becomes a diagnostic at its place.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/problem_list.hpp"
#include "base/units.hpp"

namespace qh {

/// Each getter throws `json_document::problem` where the value has another type; those without a
/// fallback also where the key is missing. `finish` refuses keys that nobody asked for.
class object_reader {
  public:
    /// `path` leads to the object in `document`; `what` names it in messages ("a step").
    object_reader(const json_document& document, json_path path, std::string what);

    bool has(const std::string& key);
    const json& value(const std::string& key);
    json_path path_of(const std::string& key) const { return path_ / key; }

    std::string text(const std::string& key);
    std::string text(const std::string& key, const std::string& fallback);
    /// What is shown in a line among others.
    std::string name(const std::string& key);

    bool flag(const std::string& key, bool fallback);
    /// Whole; digits in a text are taken too, so that a parameter can stand there.
    std::uint64_t number(const std::string& key, std::uint64_t fallback, std::uint64_t most);
    Duration duration(const std::string& key, Duration fallback);
    std::uint64_t memory(const std::string& key, std::uint64_t fallback);

    /// One text or a list of texts. `check` throws an error on a text that will not do. Throws all
    /// mistakes, each at its text.
    std::vector<std::string> texts(const std::string& key,
                                   const std::function<void(const std::string&)>& check = {});

    /// Refuses keys that were not read, with "did you mean"; with a list, all of them.
    void finish() const;
    void finish(problem_list& problems) const;

    document_error problem(const std::string& message) const {
        return document_.problem(path_, message);
    }
    document_error problem(const std::string& key, const std::string& message) const {
        return document_.problem(path_ / key, message);
    }
    /// Points at the key itself.
    document_error key_problem(const std::string& key, const std::string& message) const {
        return document_.key_problem(path_ / key, message);
    }

  private:
    const json& require(const std::string& key);

    const json_document& document_;
    json_path path_;
    std::string what_;
    const json& object_;
    std::set<std::string> known_;
};

}  // namespace qh
