#include "run/judge/excerpt.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

const console_patterns no_patterns(json_document::parse(R"({"patterns": []})", "f"));

console_engine showing(const char* bytes) {
    console_engine console(no_patterns);
    console.feed(bytes);
    console.next();
    return console;
}

TEST(excerpt, shows_the_last_lines_that_say_something) {
    const struct {
        const char* console;
        std::size_t count;
        const char* excerpt;
    } cases[] = {
        {"", 3, ""},
        {"a\nb\nc\n", 2, "b\nc"},
        {"a\nb\nopen", 2, "b\nopen"},
        {"a\n\n \n", 3, "a"},
        {"a\nb\x01\xff\n", 1, "b\uFFFD"},
        {"a\nopen \xff", 1, "open \\xff"},
        {"a\n@@abcdefghijkl:B\nb\n", 2, "a\nb"},
        {"a\n# x;while IFS= read -r __l;do eval \"$__l\";done\nb\n", 2, "a\nb"},
        {"a", 0, ""},
    };
    for (const auto& c : cases) EXPECT_EQ(excerpt(showing(c.console), c.count), c.excerpt);
}

TEST(last_line, is_the_last_that_says_something) {
    EXPECT_EQ(last_line(showing("a\nb\n\n")), "b");
    EXPECT_EQ(last_line(showing("a\nopen")), "open");
    EXPECT_EQ(last_line(showing("")), "");
}

}  // namespace
}  // namespace qh
