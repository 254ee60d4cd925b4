// Files looked at for their mistakes only.
#pragma once

#include <filesystem>

#include "base/problem_list.hpp"

namespace qh {

/// Looks for mistakes in a scenario, in steps that scenarios include (a file without "name" and
/// without what only scenarios have, or with steps.schema.json as its "$schema"), or in a file of
/// failure patterns. Mistakes go to `problems`. Throws a usage error where the file cannot be read.
void lint_file(const std::filesystem::path& path, problem_list& problems);

}  // namespace qh
