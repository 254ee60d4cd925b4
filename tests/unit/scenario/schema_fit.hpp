// Whether a document is what its format's JSON Schema asks for: what editors check and complete
// with.
#pragma once

#include "base/json.hpp"

namespace qh::test {

enum class document_kind {
    scenario,
    included_file,  ///< steps for scenarios to include
    matrix,
    recipe  ///< of an image
};

/// Whether the schema takes `document`, as it was written: parameters not filled in.
bool fits_schema(const json& document, document_kind kind);

}  // namespace qh::test
