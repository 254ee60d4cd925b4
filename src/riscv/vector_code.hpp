// Vector instructions in a file's code.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "riscv/elf_file.hpp"
#include "riscv/isa_string.hpp"

namespace qh {

struct vector_use {
    std::uint64_t count = 0;  ///< instructions that set the vector length; all vector code has them
    std::uint64_t first_offset = 0;  ///< in the file, of the first of them
    /// What vector instructions behind the first few of them belong to: "v", "zvbb".
    extension_set extensions;
};

/// Looks through the code for vsetvli, vsetivli and vsetvl with a vtype that is not reserved. Data
/// among the code may look like one, so a candidate counts only where an instruction stream leads
/// to it and goes on behind it. Nothing where there is none. Reads in pieces; throws what `file`
/// throws.
std::optional<vector_use> find_vector_code(const byte_source& file,
                                           const std::vector<file_range>& code);

}  // namespace qh
