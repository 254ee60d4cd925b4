#include "scenario/compiled_schema.hpp"

#include <re2/re2.h>

#include <memory>
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>

#include "base/locations.hpp"

namespace qh {
namespace {

constexpr const char* pattern_keyword = "re2-pattern";

/// "pattern", by RE2: std::regex, which the validator would use, overflows the stack where a text
/// is long.
class text_pattern : public valijson::constraints::PolyConstraint {
  public:
    explicit text_pattern(const std::string& pattern)
        : regex_(std::make_shared<re2::RE2>(pattern, re2::RE2::Quiet)) {}

    bool validate(const valijson::adapters::Adapter& target,
                  const std::vector<std::string>& context,
                  valijson::ValidationResults* results) const override {
        if (!target.isString() || re2::RE2::PartialMatch(target.asString(), *regex_)) return true;
        if (results) results->pushError(context, "pattern");
        return false;
    }

  private:
    Constraint* cloneInto(void* place) const override { return new (place) text_pattern(*this); }
    std::size_t sizeOf() const override { return sizeof(text_pattern); }

    std::shared_ptr<re2::RE2> regex_;
};

class text_pattern_builder : public valijson::ConstraintBuilder {
  public:
    valijson::constraints::Constraint* make(
        const valijson::adapters::Adapter& pattern) const override {
        return new text_pattern(pattern.asString());
    }
};

void rename_patterns(json& schema) {
    if (schema.is_object()) {
        if (const auto found = schema.find("pattern");
            found != schema.end() && found->is_string()) {
            schema[pattern_keyword] = *found;
            schema.erase("pattern");
        }
    }
    if (schema.is_structured())
        for (auto& inner : schema) rename_patterns(inner);
}

json load_schema(const std::string& file) {
    return json_document::load(data_directory() / file).root();
}

json load_steps_schema() {
    const auto scenario = load_schema("scenarios/schema/scenario.schema.json");
    return {{"definitions", scenario.at("definitions")}, {"$ref", "#/definitions/included_file"}};
}

}  // namespace

compiled_schema::compiled_schema(json document) : source(std::move(document)) {
    json renamed = source;
    rename_patterns(renamed);
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.addConstraintBuilder(pattern_keyword, new text_pattern_builder);  // becomes its own
    parser.populateSchema(schema_adapter(renamed), compiled);
}

const compiled_schema& schema_of(document_kind kind) {
    switch (kind) {
        case document_kind::included_file: {
            static const compiled_schema steps(load_steps_schema());
            return steps;
        }
        case document_kind::matrix: {
            static const compiled_schema matrix(load_schema("scenarios/schema/matrix.schema.json"));
            return matrix;
        }
        case document_kind::recipe: {
            static const compiled_schema recipe(load_schema("images/schema/recipe.schema.json"));
            return recipe;
        }
        default: {
            static const compiled_schema scenario(
                load_schema("scenarios/schema/scenario.schema.json"));
            return scenario;
        }
    }
}

}  // namespace qh
