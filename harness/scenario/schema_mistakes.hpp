// Where a document is not what its schema asks for, out of what the validator tells.
#pragma once

#include <map>
#include <set>
#include <string>
#include <valijson/validation_results.hpp>

#include "scenario/schema.hpp"

namespace qh {

/// The validator tells a mistake at a value, once more for each alternative that does not fit, and
/// again for each value around it, in which it names the member. Sorts out where the mistakes are.
class schema_mistakes {
  public:
    /// Both must outlive this.
    schema_mistakes(const json& schema, const json& document)
        : schema_(schema), document_(document) {}

    void add(const valijson::ValidationResults::Error& error);

    /// Those that have none within them, as a person would be told.
    std::vector<schema_finding> innermost() const;

  private:
    struct place {
        bool is_value = false;          ///< the value itself was refused, not only its name
        std::set<std::string> missing;  ///< members
    };

    schema_finding describe(const std::string& path, const place& place) const;

    const json& schema_;
    const json& document_;
    std::map<std::string, place> places_;
};

}  // namespace qh
