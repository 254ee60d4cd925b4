#include "scenario/condition_check.hpp"

#include "scenario/text/comparison.hpp"

namespace qh {
namespace {

bool holds(const comparison& one) {
    return evaluate(one, [](std::string_view) { return std::nullopt; }).holds;
}

bool is_order(const comparison& one, char direction) {
    return one.op.front() == direction;
}

/// A lower bound at or above an upper one.
bool leave_nothing_between(const comparison& lower, const comparison& upper) {
    const bool as_versions = lower.as_versions;
    const bool both_reach_it = lower.op == ">=" && upper.op == "<=";
    return holds({upper.right, both_reach_it ? "<" : "<=", lower.right, as_versions});
}

/// Both are about the same name, and each compares it with a plain value.
bool exclude_each_other(const comparison& a, const comparison& b) {
    if (a.as_versions != b.as_versions) return false;
    if (a.op == "==") return !holds({a.right, b.op, b.right, b.as_versions});
    if (b.op == "==") return !holds({b.right, a.op, a.right, a.as_versions});
    if (is_order(a, '>') && is_order(b, '<')) return leave_nothing_between(a, b);
    if (is_order(a, '<') && is_order(b, '>')) return leave_nothing_between(b, a);
    return false;
}

}  // namespace

contradiction find_contradiction(const std::vector<std::string>& conditions, const is_name& named) {
    std::vector<comparison> decided;
    std::vector<std::string> texts;
    for (const auto& text : conditions) {
        const auto one = parse_comparison(text);
        const auto is_open = [](const std::string& side) {
            return side.find("{{") != std::string::npos;
        };
        if (named(one.right) || is_open(one.right) || is_open(one.left)) continue;
        if (!named(one.left)) {
            if (!holds(one)) return {text, {}};
            continue;
        }
        for (std::size_t i = 0; i < decided.size(); ++i)
            if (decided[i].left == one.left && exclude_each_other(decided[i], one))
                return {texts[i], text};
        decided.push_back(one);
        texts.push_back(text);
    }
    return {};
}

}  // namespace qh
