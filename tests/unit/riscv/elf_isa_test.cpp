#include "riscv/elf_isa.hpp"

#include <gmock/gmock.h>

#include "support/elf_bytes.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

using test::append_raw;
using test::arch_section;
using test::code_bytes;
using test::elf_builder;
using test::message_of;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

constexpr std::uint32_t nop = 0x00000013, ret = 0x00008067;
constexpr std::uint32_t vsetvli = 0x0c0072d7, vadd = 0x021100d7;  // vadd.vv v1, v1, v2

elf_isa isa_of(std::string_view bytes) {
    return read_elf_isa(text_source(bytes));
}

elf_builder with_arch(std::string_view arch) {
    elf_builder file;
    file.code = code_bytes(std::vector<std::uint32_t>(32, nop));
    file.attributes = arch_section(arch);
    return file;
}

elf_builder with_vector_code() {
    elf_builder file;
    std::vector<std::uint32_t> code(32, nop);
    code[20] = vsetvli;
    code[21] = vadd;
    code[31] = ret;
    file.code = code_bytes(code);
    return file;
}

TEST(elf_isa, the_attributes_and_the_flags_tell_what_is_required) {
    const auto isa = isa_of(with_arch("rv64i2p1_zba1p0").bytes());
    EXPECT_TRUE(isa.is_riscv);
    EXPECT_EQ(isa.xlen, 64u);
    EXPECT_EQ(isa.arch, "rv64i2p1_zba1p0");
    EXPECT_EQ(isa.abi(), "lp64d");
    EXPECT_TRUE(isa.uses_compressed());
    EXPECT_EQ(isa.required, (extension_set{"i", "zba", "zca", "d", "f", "zicsr"}));
    EXPECT_EQ(isa.problem, "");
}

TEST(elf_isa, the_flags_name_the_abi) {
    const std::pair<std::uint32_t, std::string> cases[] = {{0, "lp64"},  {2, "lp64f"}, {4, "lp64d"},
                                                           {6, "lp64q"}, {8, "lp64e"}, {1, "lp64"}};
    for (const auto& [flags, abi] : cases) {
        auto file = with_arch("rv64i");
        file.header.e_flags = flags;
        EXPECT_EQ(isa_of(file.bytes()).abi(), abi) << flags;
    }
}

TEST(elf_isa, vector_code_without_attributes_is_required) {
    const auto isa = isa_of(with_vector_code().bytes());
    ASSERT_TRUE(isa.found);
    EXPECT_EQ(isa.found->count, 1u);
    EXPECT_EQ(isa.found->first_offset, elf_builder::code_at + 20 * 4);
    EXPECT_THAT(isa.required, IsSupersetOf({"v", "zve32x", "zvl128b"}));
}

TEST(elf_isa, a_kernel_module_that_asks_for_the_extension_may_do_without) {
    auto module = with_vector_code();
    module.header.e_type = ET_REL;
    module.has_segments = false;
    EXPECT_THAT(isa_of(module.bytes()).required, Contains("zve32x"));
    module.import("memcpy");
    module.import("__riscv_isa_extension_available");
    const auto isa = isa_of(module.bytes());
    EXPECT_THAT(isa.required, Not(Contains("zve32x")));
    EXPECT_THAT(isa.optional, Contains("zve32x"));
    EXPECT_EQ(isa.choice, "imports __riscv_isa_extension_available");
}

TEST(elf_isa, vector_code_that_the_attributes_do_not_ask_for_is_found_only) {
    auto file = with_vector_code();
    file.attributes = arch_section("rv64gc");
    const auto isa = isa_of(file.bytes());
    ASSERT_TRUE(isa.found);
    EXPECT_THAT(isa.found->extensions, Contains("v"));
    EXPECT_THAT(isa.required, Not(Contains("v")));
    EXPECT_THAT(isa.required, IsSupersetOf({"m", "zaamo", "zifencei"}));
}

TEST(elf_isa, a_program_without_section_headers_is_read_by_its_segments) {
    auto file = with_vector_code();
    file.has_sections = false;
    EXPECT_THAT(isa_of(file.bytes()).required, Contains("v"));
    file.attributes = arch_section("rv64gcv");
    EXPECT_EQ(isa_of(file.bytes()).arch, "rv64gcv");
}

// The segment begins with what is no code, as where it holds the ELF header.
TEST(elf_isa, an_instruction_at_the_entry_point_begins_a_stream) {
    auto file = with_vector_code();
    file.has_sections = false;
    file.code =
        std::string(62, '\xff') + code_bytes({vsetvli, nop, nop, nop, nop, nop, nop, nop, ret});
    EXPECT_FALSE(isa_of(file.bytes()).found);
    file.header.e_entry = elf_builder::code_at + 62;
    EXPECT_TRUE(isa_of(file.bytes()).found);
}

TEST(elf_isa, a_library_that_asks_for_vectors_and_looks_at_the_hart_may_do_without) {
    for (const auto* name : {"getauxval", "__riscv_hwprobe"}) {
        auto file = with_arch("rv64gcv_zvl256b_zba");
        file.import("malloc");
        file.import(name);
        const auto isa = isa_of(file.bytes());
        EXPECT_EQ(isa.choice, std::string("imports ") + name);
        EXPECT_THAT(isa.optional, IsSupersetOf({"v", "zvl256b", "zve32x", "zba"}));
        EXPECT_THAT(isa.required, IsSupersetOf({"m", "d", "zalrsc", "zifencei"}));
        for (const auto* chosen : {"v", "zvl256b", "zve32x", "zvl32b", "zba"})
            EXPECT_THAT(isa.required, Not(Contains(chosen)));
    }
    auto file = with_arch("rv64gcv");
    file.define_ifunc("memcpy");
    EXPECT_EQ(isa_of(file.bytes()).choice, "has ifuncs");
}

TEST(elf_isa, a_library_that_tries_an_instruction_may_do_without_and_a_program_may_not) {
    auto file = with_arch("rv64gcv");
    file.import("signal");
    EXPECT_EQ(isa_of(file.bytes()).choice, "");
    file.import("__sigsetjmp");
    EXPECT_EQ(isa_of(file.bytes()).choice, "imports signal and __sigsetjmp");
    file.has_interpreter = true;
    const auto isa = isa_of(file.bytes());
    EXPECT_EQ(isa.choice, "");
    EXPECT_THAT(isa.required, Contains("v"));
}

TEST(elf_isa, attributes_that_cannot_be_read_are_as_good_as_none) {
    auto file = with_vector_code();
    for (const auto& attributes : {arch_section("rv64gcv").substr(0, 20), arch_section("riscv")}) {
        file.attributes = attributes;
        const auto isa = isa_of(file.bytes());
        EXPECT_EQ(isa.arch, std::nullopt);
        EXPECT_NE(isa.problem, "");
        EXPECT_THAT(isa.required, Contains("v"));
    }
}

// As strip --remove-section leaves it.
TEST(elf_isa, an_empty_attributes_segment_is_none) {
    auto bytes = with_arch("rv64gcv").bytes();
    Elf64_Phdr segment;
    char* const place = bytes.data() + sizeof(Elf64_Ehdr) + sizeof segment;
    std::memcpy(&segment, place, sizeof segment);
    segment.p_filesz = 0;
    std::memcpy(place, &segment, sizeof segment);
    reinterpret_cast<Elf64_Ehdr*>(bytes.data())->e_shnum = 4;
    const auto isa = isa_of(bytes);
    EXPECT_EQ(isa.arch, std::nullopt);
    EXPECT_EQ(isa.problem, "");
}

TEST(elf_isa, a_wrong_section_table_is_told_and_the_segments_read) {
    auto file = with_vector_code();
    auto bytes = file.bytes();
    auto header = file.header;
    std::memcpy(&header, bytes.data(), sizeof header);
    header.e_shoff = bytes.size() - 8;
    bytes.replace(0, sizeof header, reinterpret_cast<const char*>(&header), sizeof header);
    const auto isa = isa_of(bytes);
    EXPECT_THAT(isa.problem, HasSubstr("the section table"));
    EXPECT_THAT(isa.required, Contains("v"));
}

TEST(elf_isa, of_other_machines_is_only_told_what_they_are) {
    auto file = with_vector_code();
    file.header.e_machine = EM_X86_64;
    EXPECT_EQ(isa_of(file.bytes()).machine, "x86-64");
    file.header.e_ident[EI_DATA] = ELFDATA2MSB;
    file.header.e_machine = __builtin_bswap16(EM_RISCV);
    EXPECT_EQ(isa_of(file.bytes()).machine, "big-endian RISC-V");
}

TEST(elf_isa, a_file_of_no_use_is_an_error) {
    auto file = with_vector_code();
    const auto whole = file.bytes();
    const std::pair<std::string, std::string> cases[] = {
        {"", "behind the file's end"},
        {"\x7f"
         "ELF",
         "behind the file's end"},
        {std::string(64, 'x'), "no ELF file"},
        {whole.substr(0, 40), "the ELF header is behind"},
        {whole.substr(0, 70), "behind the file's end"},
        {std::string(whole).replace(EI_CLASS, 1, "\7"), "unknown class 7"},
    };
    for (const auto& [bytes, words] : cases)
        EXPECT_THAT(message_of([&] { isa_of(bytes); }), HasSubstr(words));
}

TEST(elf_isa, any_bytes_changed_do_no_harm) {
    auto file = with_vector_code();
    file.attributes = arch_section("rv64gcv_zba1p0");
    file.import("getauxval");
    const auto whole = file.bytes();
    std::uint32_t state = 1;
    for (int round = 0; round < 20'000; ++round) {
        auto bytes = whole;
        for (int change = 0; change < 3; ++change) {
            state = state * 1664525 + 1013904223;
            bytes[(state >> 8) % bytes.size()] = static_cast<char>(state >> 24);
        }
        try {
            isa_of(bytes);
        } catch (const error& e) {
            EXPECT_EQ(e.kind(), fault::usage);
        }
    }
}

}  // namespace
}  // namespace qh
