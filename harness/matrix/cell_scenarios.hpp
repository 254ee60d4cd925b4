// Whether the scenarios and images that a matrix names are there, and take what its cells give
// them.
#pragma once

#include "base/json.hpp"
#include "base/problem_list.hpp"
#include "matrix/matrix_reader.hpp"

namespace qh {

/// Throws the mistake, at `place`, where there is no such image.
void check_image(const std::string& image, const json_document& document, const json_path& place);

/// Reads each scenario once; mistakes stand at its place in the matrix file, `document`.
void check_scenarios(const expanded_matrix& read, const json_document& document,
                     problem_list& problems);

}  // namespace qh
