#include "riscv_program.hpp"

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace qh::integration {
namespace {

/// Where the file is mapped; each address is this plus an offset below 2048.
constexpr std::uint32_t base = 0x10000;
constexpr std::size_t code_at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
constexpr std::string_view busybox = "/usr/bin/busybox";

/// lui register, %hi(base); addi register, register, offset
void load_address(std::vector<std::uint32_t>& code, unsigned reg, std::size_t offset) {
    code.push_back(base | reg << 7 | 0x37);
    code.push_back(static_cast<std::uint32_t>(offset) << 20 | reg << 15 | reg << 7 | 0x13);
}

/// li register, number
void load_number(std::vector<std::uint32_t>& code, unsigned reg, unsigned number) {
    code.push_back(number << 20 | reg << 7 | 0x13);
}

template <class T>
void append(std::string& bytes, const T& value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// execve(busybox, argv, 0), else exit(99).
std::vector<std::uint32_t> code_of(first_act act, std::size_t path, std::size_t argv) {
    constexpr unsigned a0 = 10, a1 = 11, a2 = 12, a7 = 17, execve = 221, exit = 93;
    constexpr std::uint32_t ecall = 0x00000073;
    std::vector<std::uint32_t> code = {0x00000013};            // nop
    if (act == first_act::vector) code.push_back(0x0c0072d7);  // vsetvli t0, zero, e8, m1, ta, ma
    if (act == first_act::unimp) code.push_back(0xc0001073);
    load_address(code, a0, path);
    load_address(code, a1, argv);
    load_number(code, a2, 0);
    load_number(code, a7, execve);
    code.push_back(ecall);
    load_number(code, a0, 99);
    load_number(code, a7, exit);
    code.push_back(ecall);
    return code;
}

/// The headers of a file that is mapped as a whole and begins behind them.
std::string headers_of(std::size_t size) {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;
    header.e_machine = EM_RISCV;
    header.e_version = EV_CURRENT;
    header.e_entry = base + code_at;
    header.e_phoff = sizeof header;
    header.e_ehsize = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 1;
    Elf64_Phdr segment{};
    segment.p_type = PT_LOAD;
    segment.p_flags = PF_R | PF_X;
    segment.p_vaddr = segment.p_paddr = base;
    segment.p_filesz = segment.p_memsz = size;
    segment.p_align = 4096;

    std::string bytes;
    append(bytes, header);
    append(bytes, segment);
    return bytes;
}

}  // namespace

std::string program_bytes(first_act act, std::string_view applet) {
    constexpr std::size_t argv_at = 256, path_at = argv_at + 2 * sizeof(std::uint64_t),
                          applet_at = path_at + busybox.size() + 1;
    auto bytes = headers_of(applet_at + applet.size() + 1);
    for (const auto word : code_of(act, path_at, argv_at)) append(bytes, word);
    bytes.resize(argv_at);
    append(bytes, std::uint64_t{base + applet_at});
    append(bytes, std::uint64_t{0});
    bytes.append(busybox).push_back('\0');
    bytes.append(applet).push_back('\0');
    return bytes;
}

std::string vector_length_program() {
    const std::uint32_t code[] = {0xc2202573,   // csrr a0, vlenb
                                  0x05d00893,   // li a7, exit
                                  0x00000073};  // ecall
    auto bytes = headers_of(code_at + sizeof code);
    append(bytes, code);
    return bytes;
}

}  // namespace qh::integration
