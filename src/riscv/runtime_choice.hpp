// Signs that a file looks at the hart before it uses what not every hart has.
#pragma once

#include <string>

#include "riscv/elf_file.hpp"

namespace qh {

/// "imports getauxval", "has ifuncs", or nothing. By its dynamic symbols, or an object's: it asks
/// the kernel (getauxval, __riscv_hwprobe; a module __riscv_isa_extension_available), lets the
/// dynamic linker ask (STT_GNU_IFUNC), or is a library that catches signals and jumps out of them,
/// as one does that tries an instruction. A static program always holds its C library's choices,
/// which say nothing of its own. Throws what `file` throws.
std::string find_runtime_choice(const byte_source& source, const elf_file& file);

}  // namespace qh
