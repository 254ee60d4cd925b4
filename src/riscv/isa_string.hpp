// RISC-V ISA strings, and what their extensions bring with them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace qh {

/// Extensions by their names in lower case: "i", "zba", "zvl128b".
using extension_set = std::set<std::string, std::less<>>;

/// An ISA string such as "rv64i2p1_m2p0_zicsr2p0", read.
struct isa_string {
    struct part {
        std::string name;
        std::optional<unsigned> major, minor;  ///< of its version, where the string tells it
    };

    unsigned xlen = 0;        ///< bits of an integer register: 32, 64 or 128
    std::vector<part> parts;  ///< as written; the first is the base: "i", "e" or "g"

    /// Those that are not the ratified ones by a name with their version: "v0p7"
    /// (extension_version.hpp).
    extension_set names() const;
};

/// Reads an ISA string in any case and any order of its extensions. Sources: The RISC-V Instruction
/// Set Manual, volume I, chapter "ISA Extension Naming Conventions"; the RISC-V ELF psABI for the
/// form that Tag_RISCV_arch has. Throws a usage error that tells what is wrong and where.
isa_string parse_isa_string(std::string_view text);

/// The set with all that its extensions imply: "d" brings "f" and "zicsr", "c" and "d" together
/// "zcd". Sources: the manual's chapters on each extension. Unknown names stay alone.
extension_set with_implied(const extension_set& names);

/// What an extension implies directly; nothing where it is unknown.
std::vector<std::string_view> implied_by(std::string_view name);

/// The length of vector registers that a Zvl* asks for: 128 for "zvl128b"; nothing for others.
std::optional<unsigned> vector_register_bits(std::string_view name);

/// Whether an extension is no more than a name for those that it implies, as "b" is.
bool is_shorthand(std::string_view name);

/// Whether a program with this extension runs on a hart without it all the same: it brings hints,
/// promises about memory or timing, or what only a supervisor uses.
bool is_passive(std::string_view name);

}  // namespace qh
