// Small ELF files for RV64, put together byte by byte.
#pragma once

#include <elf.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace qh::test {

template <typename T>
void append_raw(std::string& bytes, const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// .riscv.attributes with these attributes of a vendor's, in one scope: 1 is the file.
inline std::string attributes_section(std::string_view attributes,
                                      std::string_view vendor = "riscv", char scope = 1) {
    std::string inner(1, scope);
    append_raw(inner, static_cast<std::uint32_t>(1 + 4 + attributes.size()));
    inner += attributes;
    std::string section = "A";
    append_raw(section, static_cast<std::uint32_t>(4 + vendor.size() + 1 + inner.size()));
    section.append(vendor).push_back('\0');
    return section + inner;
}

/// The attributes section of a compiler that was told this -march.
inline std::string arch_section(std::string_view arch) {
    return attributes_section("\5" + std::string(arch) + '\0');
}

inline std::string code_bytes(const std::vector<std::uint32_t>& words) {
    std::string bytes;
    for (const auto word : words) append_raw(bytes, word);
    return bytes;
}

/// An ELF file; change the parts, then take the bytes.
struct elf_builder {
    std::string code;        ///< of a section, and of a segment
    std::string attributes;  ///< .riscv.attributes; none where empty
    std::vector<std::pair<std::string, Elf64_Sym>>
        symbols;  ///< .dynsym; an object's .symtab, or an object's .symtab
    bool has_sections = true, has_segments = true, has_interpreter = false;
    Elf64_Ehdr header{};

    elf_builder() {
        constexpr std::uint32_t rvc_and_double_float = 5;
        header.e_ident[EI_MAG0] = ELFMAG0;
        header.e_ident[EI_MAG1] = ELFMAG1;
        header.e_ident[EI_MAG2] = ELFMAG2;
        header.e_ident[EI_MAG3] = ELFMAG3;
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_ident[EI_VERSION] = EV_CURRENT;
        header.e_type = ET_DYN;
        header.e_machine = EM_RISCV;
        header.e_version = EV_CURRENT;
        header.e_flags = rvc_and_double_float;
        header.e_ehsize = sizeof header;
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_shentsize = sizeof(Elf64_Shdr);
    }

    void import(const std::string& name) {
        Elf64_Sym symbol{};
        symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
        symbols.emplace_back(name, symbol);
    }

    void define_ifunc(const std::string& name) {
        Elf64_Sym symbol{};
        symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_GNU_IFUNC);
        symbol.st_shndx = 1;
        symbols.emplace_back(name, symbol);
    }

    static constexpr std::size_t code_at = 512;

    /// Header, program headers, code at 512, attributes, symbols, names, section headers.
    std::string bytes() const {
        auto head = header;
        std::string body(code_at, '\0');
        body += code;
        body.resize((body.size() + 7) & ~std::size_t{7});
        const auto attributes_at = body.size();
        body += attributes;
        std::string names(1, '\0'), table(sizeof(Elf64_Sym), '\0');
        for (auto [name, symbol] : symbols) {
            symbol.st_name = static_cast<std::uint32_t>(names.size());
            names += name + '\0';
            append_raw(table, symbol);
        }
        const auto symbols_at = body.size();
        body += table;
        const auto names_at = body.size();
        body += names;
        std::vector<Elf64_Shdr> sections(1);
        sections.push_back(section(SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, code_at, code.size()));
        sections.push_back(section(SHT_STRTAB, 0, names_at, names.size()));
        sections.push_back(
            section(head.e_type == ET_REL ? SHT_SYMTAB : SHT_DYNSYM, 0, symbols_at, table.size()));
        sections.back().sh_link = 2;
        if (!attributes.empty())
            sections.push_back(section(0x70000003, 0, attributes_at, attributes.size()));
        if (has_sections) {
            head.e_shoff = body.size();
            head.e_shnum = static_cast<std::uint16_t>(sections.size());
            for (const auto& one : sections) append_raw(body, one);
        }
        std::string segments;
        if (has_segments) {
            append_raw(segments, segment(PT_LOAD, PF_R | PF_X, code_at, code.size()));
            if (!attributes.empty())
                append_raw(segments, segment(0x70000003, PF_R, attributes_at, attributes.size()));
            if (has_interpreter) append_raw(segments, segment(PT_INTERP, PF_R, 0, 0));
            head.e_phoff = sizeof head;
            head.e_phnum = static_cast<std::uint16_t>(segments.size() / sizeof(Elf64_Phdr));
        }
        std::string start;
        append_raw(start, head);
        start += segments;
        return body.replace(0, start.size(), start);
    }

  private:
    static Elf64_Shdr section(std::uint32_t type, std::uint64_t flags, std::size_t offset,
                              std::size_t size) {
        Elf64_Shdr one{};
        one.sh_type = type;
        one.sh_flags = flags;
        one.sh_offset = offset;
        one.sh_size = size;
        return one;
    }

    static Elf64_Phdr segment(std::uint32_t type, std::uint32_t flags, std::size_t offset,
                              std::size_t size) {
        Elf64_Phdr one{};
        one.p_type = type;
        one.p_flags = flags;
        one.p_offset = one.p_vaddr = offset;
        one.p_filesz = one.p_memsz = size;
        return one;
    }
};

}  // namespace qh::test
