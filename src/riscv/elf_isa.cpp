#include "riscv/elf_isa.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/error.hpp"
#include "riscv/attributes.hpp"
#include "riscv/extension_version.hpp"
#include "riscv/runtime_choice.hpp"

namespace qh {
namespace {

// <elf.h> lacks the newer ones. Source: psABI, "ELF Object Files", e_flags.
constexpr std::uint32_t flag_compressed = 0x1, float_mask = 0x6, flag_embedded = 0x8,
                        flag_total_order = 0x10;

std::string_view name_of_machine(std::uint16_t machine) {
    switch (machine) {
        case EM_X86_64:
            return "x86-64";
        case EM_386:
            return "x86";
        case EM_AARCH64:
            return "AArch64";
        case EM_ARM:
            return "Arm";
        case EM_BPF:
            return "BPF";
        case EM_RISCV:
            return "big-endian RISC-V";
        default:
            return "another machine";
    }
}

extension_set by_flags(std::uint32_t flags) {
    constexpr std::array<std::string_view, 4> of_float = {"", "f", "d", "q"};
    extension_set names = {flags & flag_embedded ? "e" : "i"};
    if (flags & flag_compressed) names.emplace("zca");
    if (flags & flag_total_order) names.emplace("ztso");
    if (const auto name = of_float[(flags & float_mask) >> 1]; !name.empty()) names.emplace(name);
    return names;
}

/// Also for those of a draft.
bool asks_for_vector(const extension_set& names) {
    return names.contains("zve32x") || std::ranges::any_of(names, [](const std::string& name) {
               const auto other = read_versioned_name(name);
               return other && (other->extension == "v" || other->extension.starts_with("zv"));
           });
}

/// The parts that are for harts with vectors may use more that not every hart has: all but what
/// general-purpose harts have is taken for theirs.
void set_apart_choices(elf_isa& isa) {
    static const auto general = with_implied({"g", "c"});
    auto rest = with_implied(by_flags(isa.flags));
    std::ranges::set_intersection(isa.required, general, std::inserter(rest, rest.end()));
    std::ranges::set_difference(isa.required, rest,
                                std::inserter(isa.optional, isa.optional.end()));
    isa.required = std::move(rest);
}

void read_arch(const elf_file& file, elf_isa& isa) {
    if (!file.attributes) return;
    try {
        const auto attributes = read_riscv_attributes(*file.attributes);
        if (!attributes.arch) return;
        isa.required.merge(with_implied(parse_isa_string(*attributes.arch).names()));
        isa.arch = attributes.arch;
    } catch (const error& e) {
        isa.problem = e.what();
    }
}

}  // namespace

std::string elf_isa::abi() const {
    constexpr std::array<std::string_view, 4> of_float = {"", "f", "d", "q"};
    return fmt::format("{}{}{}", xlen == 32 ? "ilp32" : "lp64", flags & flag_embedded ? "e" : "",
                       of_float[(flags & float_mask) >> 1]);
}

bool elf_isa::uses_compressed() const {
    return flags & flag_compressed;
}

elf_isa read_elf_isa(const byte_source& source) {
    const auto file = read_elf(source);
    elf_isa isa;
    isa.xlen = file.xlen;
    isa.is_riscv = file.is_riscv();
    isa.problem = file.problem;
    if (!isa.is_riscv) {
        isa.machine = name_of_machine(file.machine);
        return isa;
    }
    isa.flags = file.flags;
    isa.required = with_implied(by_flags(file.flags));
    read_arch(file, isa);
    if (asks_for_vector(isa.required)) {
        isa.choice = find_runtime_choice(source, file);
        if (!isa.choice.empty()) set_apart_choices(isa);
        return isa;
    }
    isa.found = find_vector_code(source, file.code);
    if (!isa.found || isa.arch) return isa;
    isa.choice = find_runtime_choice(source, file);
    auto seen = with_implied(isa.found->extensions);
    (isa.choice.empty() ? isa.required : isa.optional).merge(std::move(seen));
    return isa;
}

}  // namespace qh
