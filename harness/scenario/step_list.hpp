// The steps of a scenario in the order in which they run: groups opened, included files read.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/problem_list.hpp"
#include "scenario/parameter_scope.hpp"
#include "scenario/scenario.hpp"

namespace qh {

/// Where a step was written.
struct step_source {
    const json_document* document;
    json_path path;
};

/// Besides steps a list may hold
/// - `{"group": name, "when": …, "tags": …, "steps": […]}`: its steps are named `name / step`, and
///   have its conditions and tags besides their own;
/// - `{"include": file, "params": {…}, "group": …, "when": …, "tags": …}`: the steps of another
///   file, which sees no parameters but its own ones ("params", with the values given here).
class step_list {
  public:
    /// Mistakes go to `problems`.
    step_list(std::optional<Duration> idle_timeout, problem_list& problems);

    /// Reads the array at `path`. `document` must outlive the list, and has its parameters filled
    /// in.
    void read(json_document& document, const json_path& path, const std::filesystem::path& folder,
              parameter_scope& parameters);

    /// Reads a file that scenarios include, on its own. It must outlive the list.
    void read_included(json_document& document);

    std::vector<step> steps;
    std::vector<step_source> sources;  ///< one for each step
    json resolved = json::array();     ///< the steps as one plain list that reads as the same
    std::vector<std::string> secrets;  ///< as in `scenario`
    std::vector<std::string> unmet;

  private:
    /// What a group gives to its steps.
    struct surroundings {
        std::string prefix;
        std::vector<std::string> when, tags;
    };

    void read_list(json_document& document, const json_path& path,
                   const std::filesystem::path& folder, parameter_scope& parameters,
                   const surroundings& around);
    void read_group(json_document& document, const json_path& path,
                    const std::filesystem::path& folder, parameter_scope& parameters,
                    const surroundings& around);
    void read_include(const json_document& document, const json_path& path,
                      const std::filesystem::path& folder, const surroundings& around);
    void read_file(json_document& document, parameter_scope& parameters,
                   const surroundings& around);
    void read_one(json_document& document, const json_path& path,
                  const std::filesystem::path& folder, parameter_scope& parameters,
                  const surroundings& around);

    std::optional<Duration> idle_timeout_;
    problem_list& problems_;
    std::deque<json_document> included_;
    std::vector<std::filesystem::path> chain_;  ///< the files being read, outermost first
};

}  // namespace qh
