#include "scenario/schema.hpp"

#include <algorithm>
#include <valijson/validator.hpp>

#include "scenario/compiled_schema.hpp"
#include "scenario/schema_mistakes.hpp"

namespace qh {
namespace {

/// Each mistake of a document costs the validator about a kilobyte.
constexpr std::size_t most_values_for_a_list = 20'000;

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
    return validator.validate(schema_of(kind).compiled, schema_adapter(document), nullptr);
}

std::vector<schema_finding> schema_findings(const json_document& document, document_kind kind) {
    const json& root = document.root();
    if (fits_schema(root, kind)) return {};
    if (document.size() > most_values_for_a_list)
        return {{json_path(), false, "this does not fit its schema"}};
    const auto& schema = schema_of(kind);
    valijson::ValidationResults results;
    valijson::Validator validator;
    validator.validate(schema.compiled, schema_adapter(root), &results);
    schema_mistakes mistakes(schema.source, root);
    for (const auto& error : results) mistakes.add(error);
    return mistakes.innermost();
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
