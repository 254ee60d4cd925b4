#include "riscv/cpu_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "riscv/extension.hpp"
#include "riscv/isa_string.hpp"

namespace qh {
namespace {

std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> parts;
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        parts.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return parts;
}

/// QEMU's generic models and profiles; it lets no other be given an extension.
bool is_extensible(std::string_view model) {
    return model == "max" || model.starts_with("rv64") || model.starts_with("rva") ||
           model.starts_with("rvb");
}

void set(std::vector<std::string>& properties, std::string_view name, std::string_view value) {
    const auto setting = fmt::format("{}=", name);
    const auto wanted = fmt::format("{}{}", setting, value);
    bool is_set = false;
    for (auto& property : properties)
        if (property.starts_with(setting)) {
            property = wanted;
            is_set = true;
        }
    if (!is_set) properties.push_back(wanted);
}

/// What `extension` needs comes before it.
void switch_on_with_needs(std::vector<std::string>& properties, std::string_view extension,
                          const std::set<std::string, std::less<>>& present) {
    if (const auto* const known = find_extension(extension))
        for (const auto& need : split(known->needs))
            if (!present.contains(need)) switch_on_with_needs(properties, need, present);
    if (const auto bits = vector_register_bits(extension))
        set(properties, "vlen", std::to_string(*bits));
    else
        set(properties, extension, "true");
}

}  // namespace

std::string cpu_with(std::string_view cpu, std::string_view extension,
                     const std::set<std::string, std::less<>>& present) {
    auto properties = split(cpu);
    if (properties.empty() || !is_extensible(properties.front())) {
        properties = {"rv64"};
        switch_on_with_needs(properties, extension, {"m", "a", "f", "d", "c"});
    } else {
        switch_on_with_needs(properties, extension, present);
    }
    return fmt::format("{}", fmt::join(properties, ","));
}

std::string cpu_with(std::string_view cpu, const std::vector<std::string>& extensions,
                     const std::set<std::string, std::less<>>& present) {
    std::string all(cpu);
    auto had = present;
    for (const auto& extension : extensions) {
        all = cpu_with(all, extension, had);
        had.insert(extension);
    }
    return all;
}

std::string march_of(const std::set<std::string, std::less<>>& present) {
    constexpr std::array<std::string_view, 4> general = {"m", "a", "f", "d"};
    std::string march = "rv64";
    if (std::ranges::all_of(general, [&](auto letter) { return present.contains(letter); })) {
        march += 'g';
    } else {
        march += 'i';
        for (const auto letter : general)
            if (present.contains(letter)) march += letter;
    }
    return present.contains("c") ? march + 'c' : march;
}

}  // namespace qh
