#include "run/console_view.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/splits.hpp"

namespace qh {
namespace {

console_view showing(const std::string& bytes) {
    console_view view;
    view.feed(bytes);
    return view;
}

TEST(console_view_find, looks_line_by_line) {
    const struct {
        const char* console;
        const char* pattern;
        bool found;
    } cases[] = {
        {"abc\r\n", "^abc$", true},
        {"a\r\nbc\r\n", "a.*b", false},
        {"x abc\r\n", "^abc", false},
        {"login: ", "login: $", true},
        {"\x1b[1mab\x1b[0mc\n", "abc", true},
        {"10%\r100%", "^100%$", true},
        {"", "", true},
        {"", "a", false},
    };
    for (const auto& c : cases)
        EXPECT_EQ(showing(c.console).find(c.pattern).has_value(), c.found) << c.pattern;
}

TEST(console_view_find, sees_a_match_however_the_bytes_are_cut) {
    for (const auto& chunks : test::all_splits("[  1.0] x\r\nthe value is 42 now\r\n~ # ")) {
        console_view view;
        for (const auto& chunk : chunks) view.feed(chunk);
        EXPECT_EQ(view.find("value is (?P<v>\\d+)"), (captures{{"v", "42"}}));
        EXPECT_TRUE(view.find("# $"));
    }
}

TEST(console_view_find, consumes_up_to_the_end_of_the_match) {
    auto view = showing("one two one\r\nthree\r\n");
    EXPECT_TRUE(view.find("one"));
    EXPECT_TRUE(view.find("one"));
    EXPECT_FALSE(view.find("one"));
    EXPECT_FALSE(view.find("three")) << "a line that did not match is not looked at again";
}

TEST(console_view_find, goes_on_in_the_open_line) {
    auto view = showing("a b");
    EXPECT_TRUE(view.find("a"));
    EXPECT_FALSE(view.find("a"));
    EXPECT_TRUE(view.find("b"));
    view.feed(" b c\r\n");
    EXPECT_TRUE(view.find("b"));
    EXPECT_FALSE(view.find("b"));
}

TEST(console_view_find, anchors_at_the_lines_beginning_only) {
    auto view = showing("aa");
    EXPECT_TRUE(view.find("^a"));
    EXPECT_FALSE(view.find("^a"));
}

TEST(console_view_find, sees_only_what_is_new_after_consuming_all) {
    auto view = showing("old\r\nopen old");
    view.consume_all();
    EXPECT_FALSE(view.find("old"));
    view.feed(" new\r\nold\r\n");
    EXPECT_TRUE(view.find("new"));
    EXPECT_TRUE(view.find("old"));
}

TEST(console_view_find, gives_groups_without_a_part_as_empty) {
    EXPECT_EQ(showing("a\n").find("(?P<x>a)(?P<y>b)?"), (captures{{"x", "a"}, {"y", ""}}));
}

TEST(console_view, keeps_a_bounded_number_of_lines) {
    std::string many;
    for (int i = 0; i < 5000; ++i) many += fmt::format("line {}\n", i);
    auto view = showing(many);
    EXPECT_FALSE(view.find("^line 10$"));
    EXPECT_FALSE(showing(many).find("^line 2999$"));
    EXPECT_TRUE(showing(many).find("^line 3000$"));
}

TEST(console_view, shows_the_last_lines_that_say_something) {
    const struct {
        const char* console;
        std::size_t count;
        const char* excerpt;
    } cases[] = {
        {"", 3, ""},          {"a\nb\nc\n", 2, "b\nc"},        {"a\nb\nopen", 2, "b\nopen"},
        {"a\n\n \n", 3, "a"}, {"a\nb\x01\xff\n", 1, "b\\xff"}, {"a", 0, ""},
    };
    for (const auto& c : cases) EXPECT_EQ(showing(c.console).excerpt(c.count), c.excerpt);
}

TEST(console_view, returns_the_lines_that_bytes_complete) {
    console_view view;
    EXPECT_TRUE(view.feed("ab").empty());
    EXPECT_EQ(view.feed("c\r\nd\r\ne"), (std::vector<std::string>{"abc", "d"}));
    EXPECT_EQ(view.open_line(), "e");
}

}  // namespace
}  // namespace qh
