// The parameters of one scenario file: what its `{{name}}` stand for.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/object_reader.hpp"
#include "base/problem_list.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {

/// The member "params" of a scenario or of a file that one includes: names with their defaults, a
/// text, a number, true, false, {"file": path} for that file's text, {"env": NAME} for a secret
/// from the environment, or {"default": text, "secret": true}. Knows which were used.
class parameter_scope {
  public:
    /// Files are relative to `folder`. Mistakes go to `problems`.
    parameter_scope(const json_document& document, const std::filesystem::path& folder,
                    problem_list& problems);

    bool contains(std::string_view name) const { return values_.contains(name); }
    std::vector<std::string_view> names() const;

    /// `name` must be one of them.
    void set(const std::string& name, json value);

    std::optional<std::string> use(std::string_view name);
    name_lookup lookup();

    /// Puts the values into every text below `value`. A side of a "check" or "when" that is a
    /// parameter's bare name counts as a use of it; with `replace_bare_names` its value is put
    /// there too.
    void fill_in_all(json& value, bool replace_bare_names);

    const json& values() const { return values_; }

    /// The values that no record may hold.
    std::vector<std::string> secrets() const;

    /// What the environment should have given and has not, one sentence for each.
    std::vector<std::string> unmet() const;

    /// Warns of each parameter that nothing used.
    void warn_of_unused(const json_document& document, problem_list& problems) const;

  private:
    json read_default(const json_document& document, const json_path& path,
                      const std::filesystem::path& folder);
    json read_secret(object_reader& source, const std::string& name);
    void use_in_comparison(json& text, bool replace);

    json values_ = json::object();
    std::set<std::string, std::less<>> used_;
    std::set<std::string> secret_;
    std::map<std::string, std::string> unmet_;  ///< parameter → variable
};

}  // namespace qh
