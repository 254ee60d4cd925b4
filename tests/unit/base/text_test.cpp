#include "base/text.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

TEST(shell_quote, quotes_only_where_a_shell_would_act) {
    const struct {
        std::string word;
        const char* quoted;
    } cases[] = {
        {"plain", "plain"},
        {"a-b_c/d.e,f:g@h%i+j=k", "a-b_c/d.e,f:g@h%i+j=k"},
        {"", "''"},
        {"two words", "'two words'"},
        {"$HOME", "'$HOME'"},
        {"`id`", "'`id`'"},
        {"~root", "'~root'"},
        {"it's", "'it'\\''s'"},
        {"'", "''\\'''"},
        {"a\nb", "'a\nb'"},
        {"back\\slash", "'back\\slash'"},
        {"*?[!", "'*?[!'"},
        {"\xff", "'\xff'"},
    };
    for (const auto& c : cases) EXPECT_EQ(shell_quote(c.word), c.quoted);
}

TEST(shell_quote, joins_words_into_a_line) {
    const std::vector<std::string> words = {"qemu", "-append", "console=ttyS0 quiet", ""};
    EXPECT_EQ(shell_quote(words), "qemu -append 'console=ttyS0 quiet' ''");
    EXPECT_EQ(shell_quote(std::vector<std::string>{}), "");
}

TEST(printable, makes_hostile_bytes_harmless) {
    const struct {
        std::string bytes;
        const char* shown;
    } cases[] = {
        {"plain\ttext\n", "plain\ttext\n"},
        {"\x1b[31mred", "\\x1b[31mred"},
        {std::string("a\0b", 3), "a\\x00b"},
        {"\x7f", "\\x7f"},
        {"\r", "\\x0d"},
        {"\xc2\x9b"
         "31m",
         "\\xc2\\x9b31m"},  // C1's CSI
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"},
        {"\xc3", "\\xc3"},                             // cut
        {"\xc0\xaf", "\\xc0\\xaf"},                    // overlong
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},           // surrogate
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond U+10FFFF
        {"\xff"
         "ok",
         "\\xffok"},
    };
    for (const auto& c : cases) EXPECT_EQ(printable(c.bytes), c.shown);
}

TEST(printable, is_valid_utf8_without_controls_for_every_byte) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    const auto shown = printable(all);
    EXPECT_TRUE(is_valid_utf8(shown));
    for (const char c : shown)
        EXPECT_TRUE(c == '\t' || c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(is_valid_utf8, knows_the_limits_of_each_length) {
    const struct {
        const char* bytes;
        bool valid;
    } cases[] = {
        {"", true},
        {"\x7f", true},
        {"\xc2\x80", true},
        {"\xc1\xbf", false},
        {"\xe0\xa0\x80", true},
        {"\xe0\x9f\xbf", false},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf0\x8f\xbf\xbf", false},
        {"\xf4\x8f\xbf\xbf", true},
        {"\xf5\x80\x80\x80", false},
        {"\x80", false},
        {"\xe2\x82", false},
        {"\xe2\x28\xa1", false},
    };
    for (const auto& c : cases) EXPECT_EQ(is_valid_utf8(c.bytes), c.valid) << printable(c.bytes);
}

TEST(has_control_characters, knows_those_of_ascii_and_latin_1) {
    for (const auto* text : {"a\x1b[31m", "\n", "a\t", "\x7f", "\xc2\x9b"})
        EXPECT_TRUE(has_control_characters(text)) << printable(text);
    for (const auto* text : {"", "a b", "\xc2\xa0", "\xc3\xbc\xe2\x80\xa6", "\xff"})
        EXPECT_FALSE(has_control_characters(text)) << printable(text);
}

TEST(closest, suggests_only_what_is_near) {
    const std::vector<std::string_view> known = {"timeout", "capture", "check", "run"};
    const struct {
        const char* word;
        const char* near;
    } cases[] = {
        {"timeuot", "timeout"},  {"Timeout", "timeout"}, {"TIMEOUT", "timeout"},
        {"captures", "capture"}, {"chek", "check"},      {"rnu", ""},
        {"runn", "run"},         {"banana", ""},         {"", ""},
        {"run", "run"},
    };
    for (const auto& c : cases) EXPECT_EQ(closest(c.word, known), c.near) << c.word;
    EXPECT_EQ(closest("run", {}), "");
}

TEST(trim, takes_blanks_off_both_ends) {
    const struct {
        const char* text;
        const char* trimmed;
    } cases[] = {{"", ""}, {" \t\r\n", ""}, {" a b\n", "a b"}, {"a", "a"}, {"\r\na", "a"}};
    for (const auto& c : cases) EXPECT_EQ(trim(c.text), c.trimmed);
}

TEST(split_lines, has_no_line_after_a_final_newline) {
    using lines = std::vector<std::string_view>;
    EXPECT_EQ(split_lines(""), lines{});
    EXPECT_EQ(split_lines("\n"), lines{""});
    EXPECT_EQ(split_lines("a"), lines{"a"});
    EXPECT_EQ(split_lines("a\n"), lines{"a"});
    EXPECT_EQ(split_lines("a\n\nb"), (lines{"a", "", "b"}));
}

TEST(last_lines, counts_from_the_end) {
    const struct {
        const char* text;
        std::size_t count;
        const char* last;
    } cases[] = {
        {"", 0, ""},
        {"", 3, ""},
        {"a", 0, ""},
        {"a\n", 0, ""},
        {"a", 1, "a"},
        {"a\n", 1, "a"},
        {"a\nb\nc\n", 1, "c"},
        {"a\nb\nc", 2, "b\nc"},
        {"a\nb\nc", 3, "a\nb\nc"},
        {"a\nb\nc", 9, "a\nb\nc"},
        {"\n\n", 1, ""},
        {"\na", 1, "a"},
        {"\na", 2, "\na"},
        {"a\n\nb\n", 2, "\nb"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(last_lines(c.text, c.count), c.last) << c.text << "," << c.count;
}

}  // namespace
}  // namespace qh
