#include "scenario/step_needs.hpp"

#include <algorithm>

#include "scenario/step_texts.hpp"
#include "scenario/text/comparison.hpp"
#include "scenario/text/template_text.hpp"

namespace qh {
namespace {

void add_placeholders(std::string_view text, std::set<std::string>& names) {
    for (auto& one : placeholders(text))
        if (!one.has_blanks) names.insert(std::move(one.name));
}

}  // namespace

std::set<std::string> names_compared(const std::string& comparison) {
    auto [left, op, right, as_versions] = parse_comparison(comparison);
    std::set<std::string> names;
    add_placeholders(comparison, names);
    names.insert({std::move(left), std::move(right)});
    return names;
}

std::set<std::string> names_needed(const step& step) {
    std::set<std::string> names;
    for (const auto text : texts_of(step.action)) add_placeholders(text, names);
    std::set<std::string> in_result;
    if (step.measure) add_placeholders(step.measure->value, in_result);
    for (const auto& check : step.checks) in_result.merge(names_compared(check));
    const auto own = captured_names(step);
    std::ranges::set_difference(in_result, own, std::inserter(names, names.end()));
    return names;
}

capture_sources::capture_sources(const std::vector<step>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i)
        for (const auto& name : captured_names(steps[i])) steps_[name].push_back(i);
}

std::optional<std::size_t> capture_sources::before(std::size_t index,
                                                   const std::string& name) const {
    const auto found = steps_.find(name);
    if (found == steps_.end()) return std::nullopt;
    const auto behind = std::ranges::lower_bound(found->second, index);
    if (behind == found->second.begin()) return std::nullopt;
    return *std::prev(behind);
}

}  // namespace qh
