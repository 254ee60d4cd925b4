#include "riscv/extension_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace qh {
namespace {

struct frozen_draft {
    std::string_view name;
    unsigned minor;
};

constexpr frozen_draft frozen_drafts[] = {
#include "riscv/frozen_drafts.inc"
};

/// Ratified as 2.0 and later; all others begin with 1.0.
constexpr std::array<std::string_view, 14> second_versions = {
    "i", "e", "g",     "m",        "a",      "f",     "d",
    "q", "c", "zicsr", "zifencei", "zicntr", "zihpm", "zihintpause"};

bool is_vendors(std::string_view name) {
    return name.starts_with('x');
}

bool is_ratified(const isa_string::part& part) {
    if (!part.major || is_vendors(part.name)) return true;
    if (*part.major == 0) {
        const auto* const frozen = std::ranges::find(frozen_drafts, part.name, &frozen_draft::name);
        return frozen != std::end(frozen_drafts) && part.minor >= frozen->minor;
    }
    const bool has_second = std::ranges::find(second_versions, part.name) != second_versions.end();
    return *part.major <= (has_second ? 2u : 1u);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view without_digits(std::string_view text) {
    while (!text.empty() && is_digit(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string versioned_name(const isa_string::part& part) {
    if (is_ratified(part) || is_passive(part.name)) return part.name;
    return fmt::format("{}{}p{}", part.name, *part.major, part.minor.value_or(0));
}

std::optional<other_version> read_versioned_name(std::string_view name) {
    const auto before_minor = without_digits(name);
    if (before_minor.size() == name.size() || !before_minor.ends_with('p')) return std::nullopt;
    const auto before_p = before_minor.substr(0, before_minor.size() - 1);
    const auto extension = without_digits(before_p);
    if (extension.empty() || extension.size() == before_p.size()) return std::nullopt;
    return other_version{
        std::string(extension),
        fmt::format("{}.{}", before_p.substr(extension.size()), name.substr(before_minor.size()))};
}

}  // namespace qh
