#include "riscv/instruction_extension.hpp"

#include <algorithm>

namespace qh {
namespace {

struct encoding {
    std::uint32_t mask, match;
    std::string_view name;
    std::string_view extensions;  ///< with '|' between
};

constexpr encoding encodings[] = {
#include "riscv/instructions/bits.inc"
#include "riscv/instructions/compressed.inc"
#include "riscv/instructions/floating_point.inc"
#include "riscv/instructions/scalar.inc"
#include "riscv/instructions/vector.inc"
#include "riscv/instructions/vector_crypto.inc"
};

constexpr bool is_compressed(std::uint32_t word) {
    return (word & 3) != 3;
}

static_assert(std::ranges::all_of(encodings, [](const encoding& one) {
    return (one.match & ~one.mask) == 0 && (one.mask & 3) == 3;
}));

std::vector<std::string_view> split(std::string_view names) {
    std::vector<std::string_view> all;
    while (!names.empty()) {
        const auto end = std::min(names.find('|'), names.size());
        all.push_back(names.substr(0, end));
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return all;
}

}  // namespace

std::optional<instruction> find_instruction(std::uint32_t word) {
    if (is_compressed(word)) word &= 0xffff;
    const auto* const found = std::ranges::find_if(
        encodings, [&](const encoding& one) { return (word & one.mask) == one.match; });
    if (found == std::end(encodings)) return std::nullopt;
    return instruction{found->name, split(found->extensions)};
}

}  // namespace qh
