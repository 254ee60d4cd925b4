// The JSON Schemas of what people write, made ready for the validator.
#pragma once

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>

#include "base/json.hpp"
#include "scenario/schema.hpp"

namespace qh {

using schema_adapter = valijson::adapters::NlohmannJsonAdapter;

struct compiled_schema {
    /// Throws the validator's exception where `document` is no schema.
    explicit compiled_schema(json document);

    json source;
    valijson::Schema compiled;
};

/// That of such documents; each is read once. Throws a usage error where its file cannot be read.
const compiled_schema& schema_of(document_kind kind);

}  // namespace qh
