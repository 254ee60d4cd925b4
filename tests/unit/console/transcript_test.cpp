#include "console/transcript.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "support/splits.hpp"

namespace qh {
namespace {

struct shown {
    std::string lines, open;
    bool operator==(const shown&) const = default;
};

shown show(const test::chunks& chunks, std::size_t line_limit_bytes = 4096) {
    transcript text(line_limit_bytes);
    for (const auto& chunk : chunks) text.feed(chunk);
    return {std::string(text.lines(text.oldest(), text.complete())), std::string(text.open_line())};
}

std::string text_of(const shown& s) {
    return s.lines + s.open;
}

const std::string row(80, 'x');

TEST(transcript, is_plain_text_however_the_bytes_are_cut) {
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
        {"two carriage returns, not at the margin", "wra\r\r\np", "wra\np"},
        {"BusyBox wraps at the margin", row + "\r\r\nyz", row + "yz"},
        {"and at the next one", row + "\r\r\n" + row + "\r\r\nz", row + row + "z"},
        {"a full row's own end", row + "\r\ny", row + "\ny"},
        {"readline wraps at the margin", row + " \ryz", row + "yz"},
        {"many carriage returns", "a\r\r\r\r\nb", "a\nb"},
        {"redraw replaces the line", "10%\r20%\r100%\n", "100%\n"},
        {"shorter redraw leaves no tail", "longer\rab", "ab"},
        {"carriage return alone changes nothing yet", "prompt\r", "prompt"},
        {"repeated carriage returns redraw", "a\r\rb", "b"},
        {"carriage return before an escape", "a\r\x1b[Kb", "b"},
        {"carriage return and escape before a line end", "a\r\x1b[K\n", "a\n"},
        {"backspace erases", "ab\bc\n", "ac\n"},
        {"backspace at the beginning", "\b\ba", "a"},
        {"backspace does not cross lines", "a\n\bb", "a\nb"},
        {"NUL and other controls go",
         std::string("a\0b\x01"
                     "c\x7f"
                     "d\x07",
                     8),
         "abcd"},
        {"invalid UTF-8 is replaced", "a\xff\xc3(\x80\n", "a\uFFFD\uFFFD(\uFFFD\n"},
        {"the open line's may yet be completed", "a\xe2\x82", "a\xe2\x82"},
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
            ASSERT_EQ(text_of(show(chunks)), c.text) << c.behaviour;
}

TEST(transcript, gives_up_on_an_endless_sequence) {
    for (const std::string start : {"\x1b[", "\x1b]", "\x1bP"}) {
        const auto s = show({start + std::string(100'000, '1') + " visible\n"});
        EXPECT_TRUE(s.lines.ends_with(" visible\n"));
        EXPECT_GT(s.lines.size(), 90'000u);
    }
}

TEST(transcript, cuts_a_line_at_the_limit_but_within_no_character) {
    const struct {
        const char* bytes;
        shown expected;
    } cases[] = {
        {"abcdefgh", {"", "abcdefgh"}},
        {"abcdefgh\n", {"abcdefgh\n", ""}},
        {"abcdefghi", {"abcdefgh\n", "i"}},
        {"abcdefghijklmnopqr\n", {"abcdefgh\nijklmnop\nqr\n", ""}},
        {"abcdefghij\rx\n", {"abcdefgh\nx\n", ""}},
        {"abcdefg\u20acx\n", {"abcdefg\n\u20acx\n", ""}},
        {"abcdef\u20acx\n", {"abcdef\n\u20acx\n", ""}},
    };
    for (const auto& c : cases)
        for (const auto& chunks : test::all_splits(c.bytes))
            ASSERT_EQ(text_of(show(chunks, 8)), text_of(c.expected)) << c.bytes;
}

TEST(transcript, has_only_valid_text_in_complete_lines_for_random_bytes) {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        const auto bytes = test::random_bytes(
            "ab1;?[]P\\()\x07\x1b\x1b\r\r\n\n\b\t\xff\xc3\xa9\xe2\x82\xac  ", 600, seed);
        const auto whole = show({bytes}, 16);
        for (const auto& chunks : test::all_splits(bytes))
            ASSERT_EQ(show(chunks, 16), whole) << "seed " << seed;
        EXPECT_TRUE(is_valid_utf8(whole.lines)) << "seed " << seed;
        EXPECT_EQ(printable(whole.lines), whole.lines) << "seed " << seed;
    }
}

TEST(transcript, counts_positions_from_the_start_whatever_was_let_go) {
    transcript text;
    text.feed("one\ntwo\nthree\nopen");
    EXPECT_EQ(text.complete(), 14u);
    EXPECT_EQ(text.line_of(5), 4u);
    EXPECT_EQ(text.line_of(4), 4u);
    EXPECT_EQ(text.line_from(5), 8u);
    text.forget_before(8);
    EXPECT_EQ(text.oldest(), 8u);
    EXPECT_EQ(text.line_of(10), 8u);
    EXPECT_EQ(text.lines(8, 14), "three\n");
    EXPECT_EQ(text.open_line(), "open");
    EXPECT_EQ(text.read(), 8u);
}

TEST(transcript, keeps_read_what_was_read_before_a_bad_byte_was_replaced) {
    transcript text;
    text.feed("a\xff b");
    text.read_to(3);
    text.feed(" c\n");
    EXPECT_EQ(text.lines(text.read(), text.complete()), "b c\n");
}

TEST(transcript, makes_unread_what_is_redrawn) {
    transcript text;
    text.feed("10%");
    text.read_to(3);
    text.feed("\r20%");
    EXPECT_EQ(text.read(), 0u);
    text.read_to(3);
    text.feed("\b\b");
    EXPECT_EQ(text.read(), 1u);
}

}  // namespace
}  // namespace qh
