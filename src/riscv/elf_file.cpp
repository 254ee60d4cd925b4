#include "riscv/elf_file.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.hpp"

namespace qh {
namespace {

// <elf.h> has it from glibc 2.37 on.
constexpr std::uint32_t attributes_type = 0x70000003;
constexpr std::uint64_t most_sections = 1u << 20;
constexpr std::uint64_t most_entry_bytes = 1024;
constexpr std::uint64_t most_attribute_bytes = 1u << 16;

struct class32 {
    using header = Elf32_Ehdr;
    using section = Elf32_Shdr;
    using segment = Elf32_Phdr;
};
struct class64 {
    using header = Elf64_Ehdr;
    using section = Elf64_Shdr;
    using segment = Elf64_Phdr;
};

bool fits(const byte_source& file, std::uint64_t offset, std::uint64_t size) {
    return offset <= file.size() && size <= file.size() - offset;
}

template <typename T>
T read_one(const byte_source& file, std::uint64_t offset, const char* what) {
    if (!fits(file, offset, sizeof(T))) throw usage_error("{} is behind the file's end", what);
    std::array<char, sizeof(T)> bytes;
    file.read(offset, bytes);
    T one;
    std::memcpy(&one, bytes.data(), sizeof one);
    return one;
}

/// Calls `visit` with each entry of a table in the file.
template <typename T, typename Visit>
void for_each_entry(const byte_source& file, std::uint64_t offset, std::uint64_t count,
                    std::uint64_t entry_size, const char* what, Visit visit) {
    if (count == 0) return;
    if (entry_size < sizeof(T) || entry_size > most_entry_bytes)
        throw usage_error("{}: entries of {} bytes", what, entry_size);
    if (!fits(file, offset, count * entry_size))
        throw usage_error("{}: it ends behind the file's end", what);
    constexpr std::uint64_t together = 512;
    std::vector<char> bytes;
    for (std::uint64_t first = 0; first < count; first += together) {
        bytes.resize(std::min(together, count - first) * entry_size);
        file.read(offset + first * entry_size, bytes);
        for (std::uint64_t at = 0; at < bytes.size(); at += entry_size) {
            T one;
            std::memcpy(&one, bytes.data() + at, sizeof one);
            visit(one);
        }
    }
}

std::string read_attributes(const byte_source& file, std::uint64_t offset, std::uint64_t size) {
    if (!fits(file, offset, size))
        throw usage_error(".riscv.attributes ends behind the file's end");
    if (size > most_attribute_bytes) throw usage_error(".riscv.attributes has {} bytes", size);
    std::string bytes(size, '\0');
    file.read(offset, bytes);
    return bytes;
}

void sort_and_join(std::vector<file_range>& ranges) {
    std::ranges::sort(ranges, {}, &file_range::begin);
    std::vector<file_range> joined;
    for (const auto& range : ranges) {
        if (!joined.empty() && range.begin < joined.back().end)
            joined.back().end = std::max(joined.back().end, range.end);
        else
            joined.push_back(range);
    }
    ranges = std::move(joined);
}

template <typename Class>
class elf_reader {
  public:
    elf_reader(const byte_source& file, elf_file& read) : file_(file), read_(read) {}

    void read() {
        header_ = read_one<typename Class::header>(file_, 0, "the ELF header");
        read_.machine =
            read_.little_endian ? header_.e_machine : __builtin_bswap16(header_.e_machine);
        read_.flags = header_.e_flags;
        if (!read_.is_riscv()) return;
        // Each on its own: one that is wrong does not make the other so.
        attempt([&] { read_sections(); });
        attempt([&] { read_segments(); });
        sort_and_join(read_.code);
        if (!read_.problem.empty() && read_.code.empty() && !read_.attributes)
            throw usage_error("{}", read_.problem);
    }

  private:
    template <typename Work>
    void attempt(Work work) {
        try {
            work();
        } catch (const error& e) {
            if (e.kind() != fault::usage) throw;
            if (read_.problem.empty()) read_.problem = e.what();
        }
    }

    void read_sections() {
        if (header_.e_shoff == 0) return;
        std::uint64_t count = header_.e_shnum;
        // More than 65,279 sections are counted in the first one.
        if (count == 0)
            count = read_one<typename Class::section>(file_, header_.e_shoff, "the section table")
                        .sh_size;
        if (count > most_sections) throw usage_error("{} sections", count);
        for_each_entry<typename Class::section>(
            file_, header_.e_shoff, count, header_.e_shentsize, "the section table",
            [&](const auto& section) { take_section(section); });
        if (dynamic_ && dynamic_->sh_link < count) attempt([&] { add_dynamic(*dynamic_); });
    }

    void take_attributes(std::uint64_t offset, std::uint64_t size) {
        // strip leaves an empty segment.
        if (!read_.attributes && size > 0)
            attempt([&] { read_.attributes = read_attributes(file_, offset, size); });
    }

    void add_dynamic(const typename Class::section& symbols) {
        const auto names = read_one<typename Class::section>(
            file_, header_.e_shoff + std::uint64_t{symbols.sh_link} * header_.e_shentsize,
            "the section of the symbols' names");
        if (!fits(file_, symbols.sh_offset, symbols.sh_size) ||
            !fits(file_, names.sh_offset, names.sh_size))
            throw usage_error("the symbols end behind the file's end");
        read_.dynamic = {{symbols.sh_offset, symbols.sh_offset + symbols.sh_size},
                         {names.sh_offset, names.sh_offset + names.sh_size}};
    }

    void take_section(const typename Class::section& section) {
        if (section.sh_type == attributes_type) take_attributes(section.sh_offset, section.sh_size);
        const bool is_object = header_.e_type == ET_REL;
        if (section.sh_type == (is_object ? SHT_SYMTAB : SHT_DYNSYM)) dynamic_ = section;
        if (section.sh_type == SHT_PROGBITS && (section.sh_flags & SHF_EXECINSTR))
            attempt([&] { add_code(section.sh_offset, section.sh_size, "a section with code"); });
    }

    void read_segments() {
        const bool wants_code = read_.code.empty();
        if (header_.e_phnum == PN_XNUM) throw usage_error("more than {} segments", PN_XNUM - 1);
        for_each_entry<typename Class::segment>(
            file_, header_.e_phoff, header_.e_phnum, header_.e_phentsize, "the program headers",
            [&](const auto& segment) {
                if (segment.p_type == attributes_type)
                    take_attributes(segment.p_offset, segment.p_filesz);
                if (segment.p_type == PT_INTERP) read_.has_interpreter = true;
                if (wants_code && segment.p_type == PT_LOAD && (segment.p_flags & PF_X))
                    attempt([&] { take_segment(segment); });
            });
    }

    /// Cut at the entry point, where an instruction begins for certain.
    void take_segment(const typename Class::segment& segment) {
        const auto entry = std::uint64_t{header_.e_entry} - segment.p_vaddr;
        if (header_.e_entry >= segment.p_vaddr && entry < segment.p_filesz) {
            add_code(segment.p_offset, entry, "a segment with code");
            add_code(segment.p_offset + entry, segment.p_filesz - entry, "a segment with code");
        } else {
            add_code(segment.p_offset, segment.p_filesz, "a segment with code");
        }
    }

    void add_code(std::uint64_t offset, std::uint64_t size, const char* what) {
        if (!fits(file_, offset, size)) throw usage_error("{} ends behind the file's end", what);
        if (size > 0) read_.code.push_back({offset, offset + size});
    }

    const byte_source& file_;
    elf_file& read_;
    typename Class::header header_{};
    std::optional<typename Class::section> dynamic_;
};

}  // namespace

bool elf_file::is_riscv() const {
    return machine == EM_RISCV && little_endian;
}

bool is_elf(std::string_view beginning) {
    return beginning.starts_with(std::string_view(ELFMAG, SELFMAG));
}

elf_file read_elf(const byte_source& file) {
    const auto ident = read_one<std::array<unsigned char, EI_NIDENT>>(file, 0, "the ELF header");
    if (!is_elf({reinterpret_cast<const char*>(ident.data()), ident.size()}))
        throw usage_error("it is no ELF file");
    elf_file read;
    read.little_endian = ident[EI_DATA] == ELFDATA2LSB;
    if (ident[EI_CLASS] == ELFCLASS32) {
        read.xlen = 32;
        elf_reader<class32>(file, read).read();
    } else if (ident[EI_CLASS] == ELFCLASS64) {
        read.xlen = 64;
        elf_reader<class64>(file, read).read();
    } else {
        throw usage_error("it is an ELF file of the unknown class {}", ident[EI_CLASS]);
    }
    return read;
}

}  // namespace qh
