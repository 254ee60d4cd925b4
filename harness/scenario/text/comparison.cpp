#include "scenario/text/comparison.hpp"

#include <array>
#include <charconv>
#include <compare>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

namespace qh {
namespace {

constexpr std::array<std::string_view, 7> operators = {
    "==", "!=", "<=", ">=", "<", ">", "contains"};

/// The numbers a version begins with: "2.6.0+debian" gives 2, 6. None where it begins with none.
std::optional<std::vector<unsigned long>> version_numbers(std::string_view text) {
    if (text.starts_with('v')) text.remove_prefix(1);
    std::vector<unsigned long> numbers;
    for (;;) {
        unsigned long number = 0;
        const auto [rest, failure] =
            std::from_chars(text.data(), text.data() + text.size(), number);
        if (failure != std::errc()) break;
        numbers.push_back(number);
        text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
        if (!text.starts_with('.')) break;
        text.remove_prefix(1);
    }
    if (numbers.empty()) return std::nullopt;
    while (!numbers.empty() && numbers.back() == 0) numbers.pop_back();
    return numbers;
}

/// A bare number is one of seconds or bytes where the other side is.
bool may_compare(const quantity& a, const quantity& b) {
    return a.dimension == b.dimension || a.dimension == dimension::none ||
           b.dimension == dimension::none;
}

std::partial_ordering order(std::string_view left, std::string_view right, bool as_versions) {
    if (as_versions) {
        const auto a = version_numbers(left), b = version_numbers(right);
        return a && b ? *a <=> *b : std::partial_ordering::unordered;
    }
    const auto a = parse_quantity(left), b = parse_quantity(right);
    if (a && b && may_compare(*a, *b)) return a->value <=> b->value;
    return left == right ? std::partial_ordering::equivalent : std::partial_ordering::unordered;
}

bool holds(const comparison& c, std::string_view left, std::string_view right) {
    if (c.op == "contains") return left.find(right) != std::string_view::npos;
    const auto ordering = order(left, right, c.as_versions);
    if (c.op == "==") return ordering == 0;
    if (c.op == "!=") return ordering != 0;
    if (c.op == "<") return ordering < 0;
    if (c.op == "<=") return ordering <= 0;
    if (c.op == ">") return ordering > 0;
    return ordering >= 0;
}

}  // namespace

comparison parse_comparison(std::string_view text) {
    std::string_view found;
    std::size_t at = std::string_view::npos;
    for (const auto op : operators) {
        const auto here = text.find(fmt::format(" {} ", op));
        if (here >= at) continue;
        at = here;
        found = op;
    }
    if (!found.empty()) {
        comparison result{std::string(trim(text.substr(0, at))), std::string(found),
                          std::string(trim(text.substr(at + found.size() + 2))), false};
        constexpr std::string_view word = " version";
        if (result.left.ends_with(word)) {
            result.as_versions = true;
            result.left =
                trim(std::string_view(result.left).substr(0, result.left.size() - word.size()));
        }
        const bool orderless = result.as_versions && found == "contains";
        if (!result.left.empty() && !result.right.empty() && !orderless) return result;
    }
    throw usage_error(
        "'{}' is not a comparison; write NAME OP VALUE with OP one of == != < <= > >= contains, "
        "or `NAME version >= 3.8`",
        text);
}

std::string comparison::text() const {
    return fmt::format("{}{} {} {}", left, as_versions ? " version" : "", op, right);
}

comparison_result evaluate(const comparison& comparison, const name_lookup& lookup) {
    const auto value_of = [&](const std::string& side) {
        const auto value = lookup(side);
        const auto filled = value ? *value : fill_in(side, lookup);
        return value || filled != side ? std::optional(filled) : std::nullopt;
    };
    const auto left = value_of(comparison.left), right = value_of(comparison.right);
    const std::string left_value = left.value_or(comparison.left);
    const std::string right_value = right.value_or(comparison.right);
    comparison_result result{holds(comparison, left_value, right_value), {}};
    result.explanation = comparison.text();
    if (left) result.explanation += fmt::format(" ({} is {})", comparison.left, left_value);
    if (right) result.explanation += fmt::format(" ({} is {})", comparison.right, right_value);
    return result;
}

}  // namespace qh
