// The section .riscv.attributes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qh {

struct riscv_attributes {
    std::optional<std::string> arch;  ///< Tag_RISCV_arch, as written
    std::optional<std::uint64_t> stack_align_bytes;
    bool unaligned_access = false;  ///< whether the code relies on it
};

/// Reads the file's own attributes of the vendor "riscv". Source: RISC-V ELF psABI, chapter
/// "Attributes". Throws a usage error where the section is cut or overruns itself.
riscv_attributes read_riscv_attributes(std::string_view section);

}  // namespace qh
