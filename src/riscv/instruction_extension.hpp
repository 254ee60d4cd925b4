// From an instruction word to the extension that it belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace qh {

struct instruction {
    std::string_view name;  ///< "vsetvli", "csr:vlenb" for an access to that register
    /// A hart needs one of them; the first is the usual one. Empty: illegal on every hart
    /// ("unimp").
    std::vector<std::string_view> extensions;
};

/// Decodes a word of RV64, 16 bits of it where its two lowest are not both set. Source: The RISC-V
/// Instruction Set Manual, volume I, chapter "RV32/64G Instruction Set Listings" and the
/// instruction listings of the chapters that instructions/*.inc name. The base instructions, which
/// every hart has, privileged ones and whatever is unassigned are none.
std::optional<instruction> find_instruction(std::uint32_t word);

}  // namespace qh
