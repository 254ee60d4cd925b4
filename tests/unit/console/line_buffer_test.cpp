#include "console/line_buffer.hpp"

#include <gtest/gtest.h>

#include "support/splits.hpp"

namespace qh {
namespace {

struct cut_text {
    std::vector<std::string> lines;
    std::string open;
    bool operator==(const cut_text&) const = default;
};

cut_text cut(const test::chunks& chunks, std::size_t limit = 4096) {
    line_buffer buffer(limit);
    cut_text result;
    for (const auto& chunk : chunks) buffer.feed(chunk, result.lines);
    result.open = buffer.open_line();
    return result;
}

TEST(line_buffer, cuts_text_into_lines) {
    const struct {
        const char* behaviour;
        const char* text;
        cut_text expected;
    } cases[] = {
        {"nothing", "", {{}, ""}},
        {"open line", "login: ", {{}, "login: "}},
        {"complete line", "a\n", {{"a"}, ""}},
        {"empty lines", "\n\na\n", {{"", "", "a"}, ""}},
        {"complete and open", "a\nb", {{"a"}, "b"}},
        {"redraw replaces the line", "10%\r20%\r100%\n", {{"100%"}, ""}},
        {"shorter redraw leaves no tail", "longer\rab", {{}, "ab"}},
        {"carriage return alone changes nothing yet", "prompt\r", {{}, "prompt"}},
        {"carriage return before the end keeps the line", "a\r\n", {{"a"}, ""}},
        {"backspace erases", "ab\bc\n", {{"ac"}, ""}},
        {"backspace at the beginning", "\b\ba", {{}, "a"}},
        {"backspace does not cross lines", "a\n\bb", {{"a"}, "b"}},
    };
    for (const auto& c : cases)
        for (const auto& chunks : test::all_splits(c.text))
            ASSERT_EQ(cut(chunks), c.expected) << c.behaviour;
}

TEST(line_buffer, cuts_a_line_at_the_limit) {
    const struct {
        const char* text;
        cut_text expected;
    } cases[] = {
        {"abcd", {{}, "abcd"}},
        {"abcd\n", {{"abcd"}, ""}},
        {"abcde", {{"abcd"}, "e"}},
        {"abcdefghij\n", {{"abcd", "efgh", "ij"}, ""}},
        {"abcdef\rx\n", {{"abcd", "x"}, ""}},
    };
    for (const auto& c : cases)
        for (const auto& chunks : test::all_splits(c.text))
            ASSERT_EQ(cut(chunks, 4), c.expected) << c.text;
}

TEST(line_buffer, does_not_depend_on_chunks_for_random_text) {
    for (unsigned seed = 1; seed <= 30; ++seed) {
        const auto text = test::random_bytes("abcdef\r\n\b\xff", 500, seed);
        const auto whole = cut({text}, 10);
        for (const auto& chunks : test::all_splits(text))
            ASSERT_EQ(cut(chunks, 10), whole) << "seed " << seed;
        for (const auto& line : whole.lines) EXPECT_LE(line.size(), 10u);
    }
}

}  // namespace
}  // namespace qh
