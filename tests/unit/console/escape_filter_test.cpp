#include "console/escape_filter.hpp"

#include <gtest/gtest.h>

#include "support/splits.hpp"

namespace qh {
namespace {

std::string filtered(const test::chunks& chunks) {
    escape_filter filter;
    std::string text;
    for (const auto& chunk : chunks) filter.feed(chunk, text);
    return text;
}

TEST(escape_filter, leaves_plain_text_however_it_is_cut) {
    const struct {
        const char* behaviour;
        std::string bytes;
        std::string text;
    } cases[] = {
        {"plain", "hello\tworld\n", "hello\tworld\n"},
        {"colours", "\x1b[1;31mred\x1b[0m and \x1b[38;5;12mblue\x1b[m", "red and blue"},
        {"cursor question of busybox", "/ # \x1b[6n", "/ # "},
        {"bracketed paste", "\x1b[?2004h$ \x1b[?2004l\r\n", "$ \n"},
        {"window title ended by BEL", "\x1b]0;user@host: ~\x07$ ", "$ "},
        {"window title ended by ST", "\x1b]0;title\x1b\\$ ", "$ "},
        {"device control string", "a\x1bPq#0;2\x1b\\b", "ab"},
        {"two-byte escapes",
         "a\x1b"
         "7b\x1b"
         "8c\x1b=d\x1b>e",
         "abcde"},
        {"character set choice", "\x1b(Btext\x1b)0", "text"},
        {"line end", "a\r\nb", "a\nb"},
        {"80-column wrap", "wra\r\r\np", "wra\np"},
        {"many carriage returns", "a\r\r\r\r\nb", "a\nb"},
        {"lone carriage return stays", "10%\r20%", "10%\r20%"},
        {"repeated lone carriage returns are one", "a\r\rb", "a\rb"},
        {"carriage return before an escape", "a\r\x1b[Kb", "a\rb"},
        {"backspace stays", "ab\b", "ab\b"},
        {"NUL and other controls go",
         std::string("a\0b\x01"
                     "c\x7f"
                     "d\x07",
                     8),
         "abcd"},
        {"invalid UTF-8 stays", "a\xff\xc3(\x80", "a\xff\xc3(\x80"},
        {"valid UTF-8 stays", "\xe2\x82\xac", "\xe2\x82\xac"},
        {"line end ends a cut CSI", "\x1b[6\r\n[  1.0] panic\n", "\n[  1.0] panic\n"},
        {"line end ends a cut escape", "a\x1b\nb", "a\nb"},
        {"line end ends a cut title", "\x1b]0;cut\r\npanic\n", "\npanic\n"},
        {"escape ends a cut CSI", "\x1b[3\x1b[31mx", "x"},
        {"escape ends a cut escape", "\x1b\x1b[31mx", "x"},
        {"CSI ends a cut title", "\x1b]0;cut\x1b[31mx", "x"},
    };
    for (const auto& c : cases)
        for (const auto& chunks : test::all_splits(c.bytes))
            ASSERT_EQ(filtered(chunks), c.text) << c.behaviour;
}

TEST(escape_filter, gives_up_on_an_endless_sequence) {
    for (const std::string start : {"\x1b[", "\x1b]", "\x1bP"}) {
        const auto text = filtered({start + std::string(100'000, '1') + " visible\n"});
        EXPECT_TRUE(text.ends_with(" visible\n"));
        EXPECT_GT(text.size(), 90'000u);
    }
}

TEST(escape_filter, does_not_depend_on_chunks_for_random_bytes) {
    for (unsigned seed = 1; seed <= 30; ++seed) {
        const auto bytes =
            test::random_bytes("ab1;?[]P\\()\x07\x1b\x1b\r\r\n\b\xff\xc3", 600, seed);
        const auto whole = filtered({bytes});
        for (const auto& chunks : test::all_splits(bytes))
            ASSERT_EQ(filtered(chunks), whole) << "seed " << seed;
        EXPECT_EQ(whole.find('\x1b'), std::string::npos);
    }
}

}  // namespace
}  // namespace qh
