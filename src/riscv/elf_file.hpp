// What of an ELF file tells on which hart it runs: its header, its code, its attributes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.hpp"

namespace qh {

/// A piece of a file.
struct file_range {
    std::uint64_t begin = 0, end = 0;
    bool operator==(const file_range&) const = default;
};

/// Tables of the symbols that are linked when the file is loaded, as they stand in it.
struct symbol_tables {
    file_range symbols, names;
};

struct elf_file {
    unsigned xlen = 0;  ///< of its class: 32 or 64
    bool little_endian = true;
    std::uint16_t machine = 0;              ///< e_machine
    std::uint32_t flags = 0;                ///< e_flags
    std::vector<file_range> code;           ///< executable, in order, without overlaps
    std::optional<std::string> attributes;  ///< .riscv.attributes
    std::optional<symbol_tables> dynamic;   ///< .dynsym; an object's .symtab
    bool has_interpreter = false;           ///< a program that the dynamic linker starts
    std::string problem;  ///< what is wrong with its tables; empty where nothing is

    bool is_riscv() const;
};

/// Whether a file that begins so is an ELF file.
bool is_elf(std::string_view beginning);

/// Reads a file of either class; of one that is not RISC-V's no more than the header. Where the
/// section table is missing or wrong, the program headers tell, as they do when it is executed.
/// Sources: System V gABI, chapter 4 and 5; RISC-V ELF psABI, "ELF Object Files". Throws a usage
/// error where there is no use in the file, and what `file` throws.
elf_file read_elf(const byte_source& file);

}  // namespace qh
