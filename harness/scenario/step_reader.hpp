// One step of a scenario, from JSON.
#pragma once

#include <filesystem>

#include "base/json.hpp"
#include "base/object_reader.hpp"
#include "scenario/scenario.hpp"
#include "scenario/template_text.hpp"

namespace qh {

/// Reads the step at `path`. Files it names are relative to `folder`, get `parameters` put in, and
/// replace their names in the document's tree. `idle_timeout` is the scenario's own, where it has
/// one. Throws `json_document::problem`.
step read_step(json_document& document, const json_path& path, const std::filesystem::path& folder,
               const name_lookup& parameters, std::optional<Duration> idle_timeout);

/// The member "idle_timeout", a duration or "none" or false; nothing where there is none.
std::optional<Duration> read_idle_timeout(object_reader& reader);

/// The named groups of a regex, in their order. `pattern` must be a valid one.
std::vector<std::string> group_names(const std::string& pattern);

}  // namespace qh
