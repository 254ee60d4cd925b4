// Scenarios, matrices and image recipes against their formats' JSON Schemas: those that editors
// check and complete with.
#pragma once

#include <string>
#include <vector>

#include "base/problem_list.hpp"

namespace qh {

enum class document_kind {
    scenario,
    included_file,  ///< steps for scenarios to include
    matrix,
    recipe  ///< of an image
};

/// A place where a document is not what the schema asks for.
struct schema_finding {
    json_path path;
    bool is_unknown_key = false;  ///< the name is wrong, not the value
    std::string message;
};

/// Whether the schema takes `document`, as it was written: parameters not filled in.
bool fits_schema(const json& document, document_kind kind);

/// What the schema refuses, the most exact places only; empty where it takes the document. Of a
/// document that is too large for a list of its mistakes one that names the root.
std::vector<schema_finding> schema_findings(const json_document& document, document_kind kind);

/// The readers of scenarios tell mistakes better, but what one of them gives up reading hides more.
/// So documents are looked at as they are loaded, and what the schema says of them is told at last,
/// at places where no reader said anything.
class schema_check {
  public:
    /// `document` must outlive the check.
    void look_at(const json_document& document, document_kind kind);
    void tell(problem_list& problems) const;

  private:
    struct looked_at {
        const json_document* document;
        std::vector<schema_finding> findings;
    };

    std::vector<looked_at> documents_;
};

}  // namespace qh
