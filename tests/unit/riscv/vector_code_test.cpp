#include "riscv/vector_code.hpp"

#include <gmock/gmock.h>

#include <random>

#include "support/elf_bytes.hpp"

namespace qh {
namespace {

using test::append_raw;
using test::code_bytes;

constexpr std::uint32_t nop = 0x00000013, vsetvli = 0x0c0072d7;
constexpr std::uint16_t c_nop = 0x0001;

std::optional<vector_use> use_in(const std::string& bytes) {
    return find_vector_code(text_source(bytes), {{0, bytes.size()}});
}

std::string nops(std::size_t count) {
    return code_bytes(std::vector<std::uint32_t>(count, nop));
}

TEST(vector_code, is_found_by_each_instruction_that_sets_the_length) {
    for (const std::uint32_t word : {0x0c0072d7u,     // vsetvli t0, zero, e8, m1, ta, ma
                                     0xcd027057u,     // vsetivli zero, 4, e32, m1, ta, ma
                                     0x80c5f557u}) {  // vsetvl a0, a1, a2
        const auto use = use_in(nops(20) + code_bytes({word}) + nops(20));
        ASSERT_TRUE(use) << std::hex << word;
        EXPECT_EQ(use->first_offset, 80u);
    }
}

TEST(vector_code, needs_a_vector_type_that_is_not_reserved) {
    for (const std::uint32_t word : {0x004072d7u,     // LMUL 4
                                     0x020072d7u,     // SEW of 256 bits
                                     0x7ff072d7u}) {  // all bits of vtype
        EXPECT_FALSE(use_in(nops(20) + code_bytes({word}) + nops(20))) << std::hex << word;
    }
}

TEST(vector_code, may_stand_between_two_byte_instructions) {
    std::string bytes;
    for (int i = 0; i < 51; ++i) append_raw(bytes, c_nop);
    bytes += code_bytes({vsetvli});
    for (int i = 0; i < 50; ++i) append_raw(bytes, c_nop);
    const auto use = use_in(bytes);
    ASSERT_TRUE(use);
    EXPECT_EQ(use->first_offset, 102u);
}

TEST(vector_code, in_the_middle_of_an_instruction_is_none) {
    // lui t0, 0x72d70 and what follows: the halves 0x72d7 and 0x0c00 stand in two instructions.
    EXPECT_FALSE(use_in(nops(20) + code_bytes({0x72d702b7, 0x00000c13}) + nops(20)));
}

TEST(vector_code, at_the_beginning_and_at_the_end_of_the_code_counts) {
    EXPECT_TRUE(use_in(code_bytes({vsetvli}) + nops(20)));
    EXPECT_TRUE(use_in(nops(20) + code_bytes({vsetvli})));
    EXPECT_TRUE(use_in(code_bytes({vsetvli})));
    EXPECT_FALSE(use_in(nops(20) + code_bytes({vsetvli}).substr(0, 2)));
}

TEST(vector_code, names_the_extensions_of_what_follows) {
    const auto use = use_in(nops(20) + code_bytes({vsetvli, 0x021100d7, 0x04010057}) + nops(20));
    ASSERT_TRUE(use);
    EXPECT_THAT(use->extensions, testing::ElementsAre("v", "zvbb"));
}

TEST(vector_code, is_counted_across_the_pieces_that_are_read) {
    std::string bytes;
    while (bytes.size() < (1u << 20)) bytes += nops(30) + code_bytes({vsetvli});
    const auto use = use_in(bytes);
    ASSERT_TRUE(use);
    EXPECT_EQ(use->count, bytes.size() / 124);
}

TEST(vector_code, is_hardly_ever_seen_in_data) {
    std::mt19937 random(7);
    std::uint64_t count = 0;
    std::string bytes(1u << 20, '\0');
    for (int round = 0; round < 16; ++round) {
        for (char& byte : bytes) byte = static_cast<char>(random());
        if (const auto use = use_in(bytes)) count += use->count;
    }
    EXPECT_LE(count, 2u);
}

}  // namespace
}  // namespace qh
