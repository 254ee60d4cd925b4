// One step of a scenario, from JSON.
#pragma once

#include <filesystem>

#include "base/json.hpp"
#include "base/object_reader.hpp"
#include "scenario/steps/step.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {

/// Reads the step at `path`. Files it names are relative to `folder`, get `parameters` put in, and
/// replace their names in the document's tree. `idle_timeout` is the scenario's own, where it has
/// one. Mistakes go to `problems`; throws `json_document::problem` where the step's kind is wrong.
step read_step(json_document& document, const json_path& path, const std::filesystem::path& folder,
               const name_lookup& parameters, std::optional<Duration> idle_timeout,
               problem_list& problems);

/// The kinds of steps there are, each the key that it is written with.
std::vector<std::string> step_kind_names();

/// What a step without a name is called; `value` is what its kind's key says.
std::string default_name(const step_kind& kind, const json& value);

/// The comparisons of a "when" or "check", a text or a list of texts.
std::vector<std::string> read_conditions(object_reader& reader, const std::string& key);

/// The member "tags", words to select steps by.
std::vector<std::string> read_tags(object_reader& reader);

/// `what "name"`, with what was probably meant.
std::string unknown_name(const std::string& what, const std::string& name,
                         const std::vector<std::string_view>& known);

/// The member "idle_timeout", a duration or "none" or false; nothing where there is none.
std::optional<Duration> read_idle_timeout(object_reader& reader);

}  // namespace qh
