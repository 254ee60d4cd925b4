#include "riscv/attributes.hpp"

#include <gmock/gmock.h>

#include "support/elf_bytes.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

using test::attributes_section;
using test::message_of;
using testing::HasSubstr;

std::string uleb_stack_align(char bytes) {
    return {4, bytes};
}

TEST(riscv_attributes, are_read_with_others_around_them) {
    const auto found = read_riscv_attributes(
        attributes_section(uleb_stack_align(16) + std::string("\5rv64i2p1_m2p0\0\6\1\x0e\1", 19)));
    EXPECT_EQ(found.arch, "rv64i2p1_m2p0");
    EXPECT_EQ(found.stack_align_bytes, 16u);
    EXPECT_TRUE(found.unaligned_access);
}

TEST(riscv_attributes, of_other_vendors_and_of_parts_of_the_file_do_not_count) {
    auto section = attributes_section(std::string("\5rv64i\0", 7), "gnu");
    EXPECT_EQ(read_riscv_attributes(section).arch, std::nullopt);
    section += attributes_section(std::string("\5rv64g\0", 7)).substr(1);
    EXPECT_EQ(read_riscv_attributes(section).arch, "rv64g");
    EXPECT_EQ(
        read_riscv_attributes(attributes_section(std::string("\5rv64i\0", 7), "riscv", 2)).arch,
        std::nullopt);
}

TEST(riscv_attributes, unknown_tags_are_passed_over_by_their_parity) {
    const auto found = read_riscv_attributes(
        attributes_section(std::string("\x7ftext\0\x80\x01\x05\5rv64i\0", 16)));
    EXPECT_EQ(found.arch, "rv64i");
}

TEST(riscv_attributes, that_are_cut_anywhere_are_an_error_or_hold_no_arch) {
    const auto whole = attributes_section(uleb_stack_align(16) + std::string("\5rv64i\0", 7));
    for (std::size_t size = 2; size < whole.size(); ++size)
        EXPECT_THAT(message_of([&] { read_riscv_attributes(whole.substr(0, size)); }),
                    HasSubstr(".riscv.attributes: it ends too early"))
            << size;
}

TEST(riscv_attributes, that_overrun_are_an_error) {
    const std::pair<std::string, std::string> cases[] = {
        {"", "does not begin with format A"},
        {"B", "does not begin with format A"},
        {std::string("A\xff\xff\xff\xff", 5), "it ends too early"},
        {std::string("A\3\0\0\0", 5), "a piece of 3 bytes"},
        {std::string("A\x09\0\0\0riscv", 10), "a text without an end"},
        {attributes_section("\5rv64i"), "a text without an end"},
        {attributes_section(std::string(12, '\xff')), "a number of more than 63 bits"},
        {attributes_section("\4"), "it ends too early"},
    };
    for (const auto& [bytes, words] : cases)
        EXPECT_THAT(message_of([&] { read_riscv_attributes(bytes); }), HasSubstr(words));
}

}  // namespace
}  // namespace qh
