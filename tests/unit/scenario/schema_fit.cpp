#include "scenario/schema_fit.hpp"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "build_config.hpp"

namespace qh::test {
namespace {

using adapter = valijson::adapters::NlohmannJsonAdapter;

json load_schema(const std::string& file) {
    return json_document::load(std::filesystem::path(QHARNESS_SOURCE_ROOT) / file).root();
}

json load_schema(document_kind kind) {
    switch (kind) {
        case document_kind::scenario:
            break;
        case document_kind::included_file:
            return {{"definitions",
                     load_schema("scenarios/schema/scenario.schema.json").at("definitions")},
                    {"$ref", "#/definitions/included_file"}};
        case document_kind::matrix:
            return load_schema("scenarios/schema/matrix.schema.json");
        case document_kind::recipe:
            return load_schema("images/schema/recipe.schema.json");
    }
    return load_schema("scenarios/schema/scenario.schema.json");
}

const valijson::Schema& schema_of(document_kind kind) {
    static std::map<document_kind, valijson::Schema> schemas;
    const auto [found, is_new] = schemas.try_emplace(kind);
    if (is_new)
        valijson::SchemaParser(valijson::SchemaParser::kDraft7)
            .populateSchema(adapter(load_schema(kind)), found->second);
    return found->second;
}

}  // namespace

bool fits_schema(const json& document, document_kind kind) {
    return valijson::Validator().validate(schema_of(kind), adapter(document), nullptr);
}

}  // namespace qh::test
