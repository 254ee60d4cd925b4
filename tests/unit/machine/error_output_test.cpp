#include "machine/error_output.hpp"

#include <gmock/gmock.h>

namespace qh {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(error_output, gives_whole_lines) {
    error_output errors;
    EXPECT_EQ(errors.feed("qemu: cannot"), "");
    EXPECT_EQ(errors.feed(" open\nqemu: and"), "qemu: cannot open\n");
    EXPECT_EQ(errors.finish(), "qemu: and");
    EXPECT_EQ(errors.tail(), "qemu: cannot open\nqemu: and");
}

TEST(error_output, of_a_line_without_end_gives_parts) {
    error_output errors;
    const std::string part(3000, 'x');
    EXPECT_EQ(errors.feed(part), "");
    EXPECT_EQ(errors.feed(part), part + part);
    EXPECT_EQ(errors.finish(), "");
}

TEST(error_output, ends_with_a_note_and_keeps_the_last_words) {
    error_output errors;
    const auto line = std::string(999, 'x') + "\n";
    std::size_t given = 0;
    std::string last;
    for (int i = 0; i < 20'000; ++i)
        if (const auto lines = errors.feed(line); !lines.empty()) given += (last = lines).size();
    EXPECT_LT(given, 17u << 20);
    EXPECT_THAT(last,
                EndsWith("[qharness: cut here, QEMU goes on writing to its standard error]\n"));
    errors.feed("the last words\n");
    EXPECT_THAT(errors.tail(), HasSubstr("the last words"));
    EXPECT_LE(errors.tail().size(), 8192u);
}

}  // namespace
}  // namespace qh
