#include "riscv/illegal_instruction.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace qh {
namespace {

const std::string announced =
    "init[1]: unhandled signal 4 code 0x1 at 0x000000000001010c in busybox[10c,10000+1000]";
const std::string registers = "epc : 000000000001010c ra : 0000000000000000 sp : 00007fffc991e1d0";
const std::string trap =
    "status: 0000000200004020 badaddr: 000000000c0072d7 cause: 0000000000000002";

std::optional<illegal_instruction> read(std::vector<std::string> lines) {
    return read_illegal_instruction(lines);
}

TEST(illegal_instruction, reads_the_announcement_and_the_registers) {
    const auto told = read({announced, "CPU: 0 PID: 1 Comm: init", registers, trap});
    ASSERT_TRUE(told);
    EXPECT_EQ(told->process, "init");
    EXPECT_EQ(told->pid, 1u);
    EXPECT_EQ(told->file, "busybox");
    EXPECT_EQ(told->pc, 0x1010cu);
    EXPECT_EQ(told->word, 0x0c0072d7u);
}

TEST(illegal_instruction, older_kernels_name_no_offset) {
    EXPECT_EQ(read({"a[7]: unhandled signal 4 code 0x1 at 0x3f in libx.so.1[10000+1000]"})->file,
              "libx.so.1");
    EXPECT_EQ(read({"a b[7]: unhandled signal 4 code 0x1 at 0x3f"})->file, "");
}

TEST(illegal_instruction, without_the_registers_the_word_is_unknown) {
    EXPECT_FALSE(read({announced})->word);
    EXPECT_FALSE(read({announced, trap})->word) << "whose registers?";
    const std::string another_harts = "epc : 0000000000020000 ra : 0000000000000000 sp : 0";
    EXPECT_FALSE(read({announced, another_harts, trap})->word);
    EXPECT_EQ(read({announced, another_harts, trap, registers, trap})->word, 0x0c0072d7u);
}

TEST(illegal_instruction, another_cause_tells_no_word) {
    EXPECT_FALSE(read({announced, registers,
                       "status: 0000000200004020 badaddr: 000000000c0072d7 cause: "
                       "000000000000000f"})
                     ->word);
}

TEST(illegal_instruction, other_traces_are_none) {
    EXPECT_FALSE(read({}));
    EXPECT_FALSE(read({"Oops - illegal instruction [#1]", registers, trap}));
    EXPECT_FALSE(read({"init[1]: unhandled signal 11 code 0x1 at 0x0 in init[1,2+3]"}));
}

}  // namespace
}  // namespace qh
