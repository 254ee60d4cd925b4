#include "scenario/schema.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "base/locations.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

using adapter = valijson::adapters::NlohmannJsonAdapter;

constexpr const char* pattern_keyword = "re2-pattern";
/// Each mistake of a document costs the validator about a kilobyte.
constexpr std::size_t most_values_for_a_list = 20'000;

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

/// A schema, made ready once.
struct ready_schema {
    explicit ready_schema(json document) : source(std::move(document)) {
        json renamed = source;
        rename_patterns(renamed);
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        parser.addConstraintBuilder(pattern_keyword, new text_pattern_builder);  // becomes its own
        parser.populateSchema(adapter(renamed), compiled);
    }

    json source;
    valijson::Schema compiled;
};

json load_schema(const std::string& file) {
    return json_document::load(data_directory() / file).root();
}

json load_steps_schema() {
    const auto scenario = load_schema("scenarios/schema/scenario.schema.json");
    return {{"definitions", scenario.at("definitions")}, {"$ref", "#/definitions/included_file"}};
}

const ready_schema& schema_of(document_kind kind) {
    switch (kind) {
        case document_kind::included_file: {
            static const ready_schema steps(load_steps_schema());
            return steps;
        }
        case document_kind::matrix: {
            static const ready_schema matrix(load_schema("scenarios/schema/matrix.schema.json"));
            return matrix;
        }
        case document_kind::recipe: {
            static const ready_schema recipe(load_schema("images/schema/recipe.schema.json"));
            return recipe;
        }
        default: {
            static const ready_schema scenario(
                load_schema("scenarios/schema/scenario.schema.json"));
            return scenario;
        }
    }
}

/// The parts of the schema that say something about one value, the nearest first.
class schema_nodes {
  public:
    schema_nodes(const json& root, const json& document, const json_path& path) : root_(root) {
        add(root, nodes_);
        std::vector<std::string> tokens;
        for (auto at = path; !at.empty(); at.pop_back()) tokens.push_back(at.back());
        const json* value = &document;
        for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
            std::vector<const json*> inner;
            for (const auto* node : nodes_)
                if (const auto* next = step_into(*node, *value, *token)) add(*next, inner);
            nodes_ = std::move(inner);
            value = value->is_array() ? &value->at(std::stoul(*token)) : &value->at(*token);
        }
    }

    /// What editors are to show where nothing more exact is known is passed over.
    std::string description() const {
        for (const auto* node : nodes_)
            if (const auto found = node->find("description");
                found != node->end() && node->size() > 1)
                return found->get<std::string>();
        return {};
    }

    std::vector<std::string_view> names_of_members() const {
        std::vector<std::string_view> names;
        for (const auto* node : nodes_)
            if (const auto found = node->find("properties"); found != node->end())
                for (const auto& member : found->items()) names.push_back(member.key());
        return names;
    }

  private:
    void add(const json& node, std::vector<const json*>& nodes) const {
        if (!node.is_object()) return;
        if (const auto target = node.find("$ref"); target != node.end())
            return add(root_.at(json_path(target->get<std::string>().substr(1))), nodes);
        nodes.push_back(&node);
        if (const auto then = node.find("then"); then != node.end()) add(*then, nodes);
        for (const auto* key : {"allOf", "anyOf"})
            if (const auto list = node.find(key); list != node.end())
                for (const auto& one : *list) add(one, nodes);
    }

    static const json* step_into(const json& node, const json& value, const std::string& token) {
        const auto member = [](const json& object, const std::string& key) -> const json* {
            const auto found = object.find(key);
            return found == object.end() ? nullptr : &*found;
        };
        if (value.is_array()) return member(node, "items");
        if (const auto* properties = member(node, "properties"))
            if (const auto* property = member(*properties, token)) return property;
        return member(node, "additionalProperties");
    }

    const json& root_;
    std::vector<const json*> nodes_;
};

/// The validator tells a mistake at a value, once more for each alternative that does not fit, and
/// again for each value around it, in which it names the member. Sorts out where the mistakes are.
class mistake_places {
  public:
    explicit mistake_places(const json& document) : document_(document) {}

    void add(const valijson::ValidationResults::Error& error) {
        const json* value = &document_;
        json_path path;
        // The first of the context is the root, the others are "[name]" or "[index]".
        for (std::size_t i = 1; i < error.context.size(); ++i) {
            const auto token = error.context[i].substr(1, error.context[i].size() - 2);
            if (value->is_array()) {
                path /= std::stoul(token);
                value = &value->at(std::stoul(token));
            } else {
                path /= token;
                value = &value->at(token);
            }
        }
        const auto member = named_member(error.description);
        if (member && value->is_object() && value->contains(*member)) {
            places_[(path / *member).to_string()];
            return;
        }
        auto& place = places_[path.to_string()];
        place.is_value = true;
        if (member) place.missing.insert(*member);
    }

    struct place {
        bool is_value = false;          ///< the value itself was refused, not only its name
        std::set<std::string> missing;  ///< members
    };

    /// Those that have none within them.
    std::map<std::string, place> innermost() const {
        std::map<std::string, place> result;
        for (const auto& [path, place] : places_) {
            const auto prefix = path + "/";
            const auto within = places_.lower_bound(prefix);
            if (within == places_.end() || !within->first.starts_with(prefix))
                result.emplace(path, place);
        }
        return result;
    }

  private:
    /// The member that a mistake's words name. Where a version of the library has others, the place
    /// is the object around it.
    static std::optional<std::string> named_member(const std::string& words) {
        if (!words.ends_with("'.")) return std::nullopt;
        for (const std::string_view before :
             {"constraints: '", "property name '", "required property '"})
            if (const auto at = words.find(before); at != words.npos) {
                const auto start = at + before.size();
                return words.substr(start, words.size() - 2 - start);
            }
        return std::nullopt;
    }

    const json& document_;
    std::map<std::string, place> places_;
};

schema_finding describe(const json& schema, const json& document, const std::string& path,
                        const mistake_places::place& place) {
    schema_finding finding{json_path(path), !place.is_value, {}};
    if (finding.is_unknown_key) {
        const auto name = finding.path.back();
        const auto near = closest(
            name, schema_nodes(schema, document, finding.path.parent_pointer()).names_of_members());
        finding.message = fmt::format(
            "nothing that belongs here is called \"{}\"{}", printable(name),
            near.empty() || near == name ? "" : fmt::format("; did you mean \"{}\"?", near));
    } else if (place.missing.size() == 1) {
        finding.message = fmt::format("\"{}\" is missing here", *place.missing.begin());
    } else {
        const auto what = schema_nodes(schema, document, finding.path).description();
        finding.message =
            fmt::format("this is not what belongs here{}{}", what.empty() ? "" : ": ", what);
    }
    return finding;
}

/// Whether a reader told of this place: of something in it, of a list that it is in, or, for a
/// name, of anything in the object, whose reader would have told of the name too.
bool is_told(const json_document& document, const schema_finding& finding,
             const std::vector<problem>& problems) {
    const auto told_within = [&](text_range range, bool at_its_start) {
        return std::ranges::any_of(problems, [&](const problem& one) {
            if (one.level != severity::error || one.file != document.name()) return false;
            const auto at = one.range.begin;
            return at_its_start ? at == range.begin : range.begin <= at && at < range.end;
        });
    };
    auto path = finding.is_unknown_key ? finding.path.parent_pointer() : finding.path;
    if (told_within(document.range(path), false)) return true;
    while (!path.empty()) {
        path.pop_back();
        if (!document.root().at(path).is_array()) return false;
        if (told_within(document.range(path), true)) return true;
    }
    return false;
}

}  // namespace

bool fits_schema(const json& document, document_kind kind) {
    valijson::Validator validator;
    return validator.validate(schema_of(kind).compiled, adapter(document), nullptr);
}

std::vector<schema_finding> schema_findings(const json_document& document, document_kind kind) {
    const json& root = document.root();
    if (fits_schema(root, kind)) return {};
    if (document.size() > most_values_for_a_list)
        return {{json_path(), false, "this does not fit its schema"}};
    const auto& schema = schema_of(kind);
    valijson::ValidationResults results;
    valijson::Validator validator;
    validator.validate(schema.compiled, adapter(root), &results);
    mistake_places places(root);
    for (const auto& error : results) places.add(error);
    std::vector<schema_finding> findings;
    for (const auto& [path, place] : places.innermost())
        findings.push_back(describe(schema.source, root, path, place));
    return findings;
}

void schema_check::look_at(const json_document& document, document_kind kind) {
    auto findings = schema_findings(document, kind);
    if (!findings.empty()) documents_.push_back({&document, std::move(findings)});
}

void schema_check::tell(problem_list& problems) const {
    const auto told = problems.sorted();
    // Errors that were only counted have no place to compare with.
    if (std::ranges::count(told, severity::error, &problem::level) <
        static_cast<std::ptrdiff_t>(problems.errors()))
        return;
    for (const auto& [document, findings] : documents_)
        for (const auto& finding : findings)
            if (!is_told(*document, finding, told))
                problems.add(finding.is_unknown_key
                                 ? document->key_problem(finding.path, finding.message)
                                 : document->problem(finding.path, finding.message));
}

}  // namespace qh
