// What an ELF file needs of the hart that runs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "riscv/elf_file.hpp"
#include "riscv/isa_string.hpp"
#include "riscv/vector_code.hpp"

namespace qh {

struct elf_isa {
    unsigned xlen = 0;
    bool is_riscv = false;
    std::string_view machine;  ///< of another architecture's: "x86-64"
    std::uint32_t flags = 0;   ///< e_flags
    /// Its attributes' arch string, as written; none where it has no attributes that can be read.
    std::optional<std::string> arch;
    /// What it cannot do without: the arch string's extensions and those that the flags tell, with
    /// all that they imply; without an arch string the flags' and what its code was seen to use.
    extension_set required;
    /// What it asks for as well, but with signs that it chooses at run time what it uses: the arch
    /// string of a library is made from all its parts, and OpenBLAS has parts for several harts.
    /// Only for files that ask for vectors; what RV64GC has stays required. Without attributes, as
    /// in kernel modules, what its code was seen to use.
    extension_set optional;
    std::string choice;  ///< that sign: "imports getauxval"
    /// Vector code in a file whose arch string does not ask for it, or that has none.
    std::optional<vector_use> found;
    std::string problem;  ///< what in the file is wrong; empty where nothing is

    /// "lp64d": the name that the psABI gives its ABI.
    std::string abi() const;
    bool uses_compressed() const;  ///< by its flags
};

/// Throws a usage error where there is no use in the file, and what `file` throws.
elf_isa read_elf_isa(const byte_source& file);

}  // namespace qh
