// JSON to matrix, with diagnostics that point at the line and column.
#pragma once

#include <filesystem>
#include <vector>

#include "base/problem_list.hpp"
#include "matrix/matrix.hpp"

namespace qh {

/// A matrix and what it comes to.
struct expanded_matrix {
    matrix what;
    std::vector<cell> cells;
};

/// Whether a JSON document means to be a matrix file: by its "$schema", or by "axes" or
/// "scenarios".
bool is_matrix(const json& root);

/// Reads a matrix file (its format: scenarios/schema/matrix.schema.json),
/// the scenarios that it names, and expands it. `today` as YYYY-MM-DD decides on what has expired.
/// Mistakes go to `problems`; a matrix with mistakes is not fit to run.
expanded_matrix read_matrix(const std::filesystem::path& path, const std::string& today,
                            problem_list& problems);

/// The same; throws a usage error with all mistakes.
expanded_matrix load_matrix(const std::filesystem::path& path, const std::string& today);

/// The scenario file of a cell: what the matrix calls it is relative to the matrix file, or the
/// name of a shipped one. Throws a usage error where there is none.
std::filesystem::path scenario_file(const matrix& what, const std::string& scenario);

}  // namespace qh
