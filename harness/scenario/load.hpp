// JSON to scenario, with diagnostics that point at the line and column.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/problem_list.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Reads a scenario file (the README describes its format). `settings` replace parameters'
/// defaults. Throws a usage error with all mistakes, each as `file:line:column: error: …`, and on a
/// setting that the scenario has no parameter for.
scenario load_scenario(const std::filesystem::path& path,
                       const std::map<std::string, std::string>& settings);

/// The same for a scenario that is not in a file of its own; what it names is relative to the
/// folder of the document's name.
scenario load_scenario(json_document document, const std::map<std::string, std::string>& settings);

/// The same, with mistakes and warnings told in `problems`; what could be read of a wrong scenario
/// is not fit to run.
scenario read_scenario(const std::filesystem::path& path,
                       const std::map<std::string, std::string>& settings, problem_list& problems);

/// The file for what a user typed: the path itself, or a name in the scenarios that qharness
/// ships ("pytorch_smoke", "scenarios/pytorch_smoke.json"). Throws a usage error that lists
/// those where there is neither.
std::filesystem::path find_scenario(const std::string& name);

/// Whether a shipped file is a scenario, by its name: matrices stand beside them.
bool is_scenario_name(const std::filesystem::path& path);

}  // namespace qh
