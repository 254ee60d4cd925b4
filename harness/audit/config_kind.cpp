#include "audit/config_kind.hpp"

#include <re2/re2.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {
namespace {

struct foreign_config {
    const char* line;
    const char* what;
};

constexpr foreign_config foreign_configs[] = {
#include "audit/foreign_configs.inc"
};

/// Buildroot's choice of an architecture (arch/Config.in), but for RISC-V.
constexpr std::pair<const char*, const char*> architectures[] = {
    {"BR2_RISCV_32", "RV32"},
    {"BR2_aarch64", "AArch64"},
    {"BR2_aarch64_be", "AArch64"},
    {"BR2_arm", "Arm"},
    {"BR2_armeb", "Arm"},
    {"BR2_arcle", "ARC"},
    {"BR2_arceb", "ARC"},
    {"BR2_i386", "x86"},
    {"BR2_x86_64", "x86-64"},
    {"BR2_loongarch64", "LoongArch"},
    {"BR2_m68k", "m68k"},
    {"BR2_microblazeel", "MicroBlaze"},
    {"BR2_microblazebe", "MicroBlaze"},
    {"BR2_mips", "MIPS"},
    {"BR2_mipsel", "MIPS"},
    {"BR2_mips64", "MIPS"},
    {"BR2_mips64el", "MIPS"},
    {"BR2_or1k", "OpenRISC"},
    {"BR2_powerpc", "PowerPC"},
    {"BR2_powerpc64", "PowerPC"},
    {"BR2_powerpc64le", "PowerPC"},
    {"BR2_s390x", "s390x"},
    {"BR2_sh", "SuperH"},
    {"BR2_sparc", "SPARC"},
    {"BR2_sparc64", "SPARC"},
    {"BR2_xtensa", "Xtensa"},
};

struct sighting {
    const char* what;
    std::size_t line;
};

std::optional<sighting> what_else_it_is(std::string_view text) {
    const auto lines = split_lines(text);
    for (const auto& kind : foreign_configs) {
        const re2::RE2 form(kind.line);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto line = trim(lines[i]);
            if (re2::RE2::FullMatch(re2::StringPiece(line.data(), line.size()), form))
                return sighting{kind.what, i + 1};
        }
    }
    return std::nullopt;
}

/// Also one that is off, or that is written wrongly.
bool has_buildroot_line(std::string_view text) {
    static const re2::RE2 line(R"((?m)^\s*(?:#\s*)?BR2_\w)");
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), line);
}

}  // namespace

void check_is_buildroot(std::string_view text, const std::string& name) {
    if (has_buildroot_line(text)) return;
    constexpr std::string_view none = "is no Buildroot configuration: not one BR2_ symbol is in it";
    if (trim(text).empty()) throw usage_error("{} {}; it is empty", printable(name), none);
    if (const auto seen = what_else_it_is(text))
        throw usage_error("{} {}; by its line {} it is {}", printable(name), none, seen->line,
                          seen->what);
    throw usage_error("{} {}", printable(name), none);
}

std::optional<problem> other_architecture(const buildroot_config& config, std::string_view text,
                                          const std::string& name) {
    const auto* const found = std::ranges::find_if(
        architectures, [&](const auto& one) { return config.is_on(one.first); });
    if (found == std::end(architectures)) return std::nullopt;
    const auto& [symbol, machine] = *found;
    const text_position position{config.find(symbol)->line, 1};
    const auto message = fmt::format(
        "{} builds for {}; 64-bit RISC-V is BR2_riscv=y with BR2_RISCV_64=y", symbol, machine);
    const auto line = split_lines(text)[position.line - 1];
    return problem{severity::warning,
                   name,
                   {position, position},
                   message,
                   diagnostic(name, line, position, message, "warning")};
}

}  // namespace qh
