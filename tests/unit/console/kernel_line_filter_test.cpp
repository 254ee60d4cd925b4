#include "console/kernel_line_filter.hpp"

#include <gtest/gtest.h>

#include "support/splits.hpp"

namespace qh {
namespace {

struct parted {
    std::string output;
    std::vector<std::string> kernel_lines;
    bool operator==(const parted&) const = default;
};

parted part(const test::chunks& chunks) {
    kernel_line_filter filter;
    parted result;
    for (const auto& chunk : chunks) filter.feed(chunk, result.output, result.kernel_lines);
    return result;
}

TEST(kernel_line_filter, parts_the_kernels_lines_from_a_commands_output) {
    const struct {
        const char* behaviour;
        std::string bytes;
        parted expected;
    } cases[] = {
        {"no kernel line", "a\nb\n", {"a\nb\n", {}}},
        {"between lines", "a\n[    1.234567] hello\r\nb\n", {"a\nb\n", {"[    1.234567] hello"}}},
        {"in the middle of a line",
         "abc[   12.345678] usb: x\r\ndef\n",
         {"abcdef\n", {"[   12.345678] usb: x"}}},
        {"in the middle of a marker",
         "@@E0:[  100.000001] x\r\nword\n",
         {"@@E0:word\n", {"[  100.000001] x"}}},
        {"several in a row",
         "a[    1.000000] x\r\n[    1.000001] y\r\nb",
         {"ab", {"[    1.000000] x", "[    1.000001] y"}}},
        {"right after an opening bracket",
         "[[    1.000000] x\r\n]\n",
         {"[]\n", {"[    1.000000] x"}}},
        {"inside a stamp look-alike",
         "[  1[    1.000000] x\r\n2]\n",
         {"[  12]\n", {"[    1.000000] x"}}},
        {"with a caller", "[    1.000000][    T1] x\r\n", {"", {"[    1.000000][    T1] x"}}},
        {"empty message", "[    1.000000] \r\n", {"", {"[    1.000000] "}}},
        {"with brackets in the text",
         "[    1.000000] vtest[129]: [1] x\r\n",
         {"", {"[    1.000000] vtest[129]: [1] x"}}},
        {"a carriage return inside", "[    1.000000] a\rb\r\n", {"", {"[    1.000000] a\rb"}}},
        {"dmesg's own output is a command's",
         "[    1.234567] hello\n[    2.000000] more\n",
         {"[    1.234567] hello\n[    2.000000] more\n", {}}},
        {"dmesg's output cut into by the kernel",
         "[    1.234567] hel[   99.000000] Kernel panic\r\nlo\n",
         {"[    1.234567] hello\n", {"[   99.000000] Kernel panic"}}},
        {"lists", "[1, 2]\n[ 3]\n[]\n", {"[1, 2]\n[ 3]\n[]\n", {}}},
        {"short fraction", "[1.5] x\r\n", {"[1.5] x\r\n", {}}},
        {"long fraction", "[1.1234567] x\r\n", {"[1.1234567] x\r\n", {}}},
        {"no seconds", "[ .123456] x\r\n", {"[ .123456] x\r\n", {}}},
        {"a command's own carriage returns", "a\r\nb\r\n", {"a\r\nb\r\n", {}}},
        {"binary bytes",
         std::string("\0\xff[\x1b", 4) + "x",
         {std::string("\0\xff[\x1b", 4) + "x", {}}},
    };
    for (const auto& c : cases)
        for (const auto& chunks : test::all_splits(c.bytes))
            ASSERT_EQ(part(chunks), c.expected) << c.behaviour;
}

TEST(kernel_line_filter, holds_back_no_more_than_a_kernel_line) {
    const auto long_line = "[    1.000000] " + std::string(10'000, 'x');
    EXPECT_GT(part({long_line}).output.size(), 8000u);
    const auto long_stamp = "[" + std::string(10'000, ' ');
    EXPECT_GT(part({long_stamp}).output.size(), 9000u);
    EXPECT_EQ(part({long_line + "\r\n"}), (parted{long_line + "\r\n", {}}));
}

TEST(kernel_line_filter, does_not_depend_on_chunks_for_random_bytes) {
    for (unsigned seed = 1; seed <= 30; ++seed) {
        std::string bytes;
        for (unsigned i = 0; i < 20; ++i) {
            bytes += test::random_bytes("ab[[] 12.\r\n\n", 20, seed * 100 + i);
            if (i % 3 == 0) bytes += "[   12.345678] text\r\n";
        }
        const auto whole = part({bytes});
        for (const auto& chunks : test::all_splits(bytes))
            ASSERT_EQ(part(chunks), whole) << "seed " << seed;
    }
}

TEST(kernel_line_filter, finds_each_kernel_line_put_anywhere_into_a_text) {
    const std::string text = "result [1] = {2.5}\n@@word:E0\n";
    const std::string kernel = "[   12.345678] usb 1-1: new device";
    for (std::size_t at = 0; at <= text.size(); ++at) {
        const auto bytes = text.substr(0, at) + kernel + "\r\n" + text.substr(at);
        ASSERT_EQ(part({bytes}), (parted{text, {kernel}})) << at;
    }
}

}  // namespace
}  // namespace qh
