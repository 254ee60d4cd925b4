#include "base/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string place(const json_document& document, const char* path) {
    const auto at = document.position(json_path(path));
    return fmt::format("{}:{}", at.line, at.column);
}

TEST(json_document, knows_where_each_value_begins) {
    const auto document = json_document::parse(
        "{\n"                                                // 1
        "  \"a\": 1,\n"                                      // 2
        "  \"b\": [ true, null, \"x\" ],\n"                  // 3
        "  // a comment, with \"quotes\": [ and }\n"         // 4
        "  \"c\" /* here */ : /* too */ { \"d\": -1.5e3,\n"  // 5
        "     \"e/f~g\": [[], {\"h\":2}] }\n"                // 6
        "}\n",
        "f");
    const struct {
        const char* path;
        const char* place;
    } cases[] = {
        {"", "1:1"},
        {"/a", "2:8"},
        {"/b", "3:8"},
        {"/b/0", "3:10"},
        {"/b/1", "3:16"},
        {"/b/2", "3:22"},
        {"/c", "5:30"},
        {"/c/d", "5:37"},
        {"/c/e~1f~0g", "6:15"},
        {"/c/e~1f~0g/0", "6:16"},
        {"/c/e~1f~0g/1", "6:20"},
        {"/c/e~1f~0g/1/h", "6:25"},
    };
    for (const auto& c : cases) EXPECT_EQ(place(document, c.path), c.place) << c.path;
}

TEST(json_document, knows_what_follows_a_number) {
    const struct {
        const char* text;
        const char* path;
        const char* place;
    } cases[] = {
        {"[1,2]", "/1", "1:4"},
        {"[1 ,2]", "/1", "1:5"},
        {"[1/* c */,2]", "/1", "1:11"},
        {"[1// c\n,2]", "/1", "2:2"},
        {"[-1.5e+3\n,true]", "/1", "2:2"},
        {"[[1],[2]]", "/1/0", "1:7"},
        {"{\"a\":1}", "/a", "1:6"},
        {"42", "", "1:1"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(place(json_document::parse(c.text, "f"), c.path), c.place) << c.text;
}

TEST(json_document, gives_a_missing_value_the_place_of_its_nearest_ancestor) {
    const auto document = json_document::parse("{\n \"a\": {}\n}", "f");
    EXPECT_EQ(place(document, "/a/b/c"), "2:7");
    EXPECT_EQ(place(document, "/zzz"), "1:1");
}

TEST(json_document, refuses_bad_syntax_at_its_place) {
    const struct {
        std::string text;
        const char* message;
    } cases[] = {
        {"", "f:1:1: error: syntax error"},
        {"  \n", "f:2:1: error: syntax error"},
        {"{\"a\": }", "f:1:7: error: syntax error"},
        {"{\n\"a\": 1,\n}", "f:3:1: error: syntax error"},
        {"[1] x", "f:1:5: error: syntax error"},
        {"{} {}", "f:1:4: error: syntax error"},
        {"[1", "f:1:3: error: syntax error"},
        {"nul", "f:1:4: error: syntax error"},
        {"\"\xff\"", "f:1:2: error: syntax error"},
        {"[\"a\n\"]", "f:1:4: error: syntax error"},
        {"{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", "f:3:2: error: key \"a\" stands twice"},
        {"{\"x\": {\"a\": 1, \"a\": 1}}", "f:1:16: error: key \"a\" stands twice"},
        {"/* never closed", "f:1:16: error: syntax error"},
    };
    for (const auto& c : cases) {
        const auto message = test::message_of([&] { json_document::parse(c.text, "f"); });
        EXPECT_THAT(message, StartsWith(c.message)) << c.text;
    }
}

TEST(json_document, shows_the_line_with_a_caret) {
    EXPECT_EQ(test::message_of([] {
                  throw json_document::parse("{\n\t\"a\": 12\n}", "f")
                      .problem(json_path("/a"), "no good");
              }),
              "f:2:7: error: no good\n   \"a\": 12\n        ^");
}

TEST(json_document, bounds_the_nesting) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_NO_THROW(json_document::parse(nested(100), "f"));
    EXPECT_THAT(test::message_of([&] { json_document::parse(nested(101), "f"); }),
                StartsWith("f:1:101: error: nested deeper than 100 levels"));
    EXPECT_THAT(test::message_of([&] { json_document::parse(nested(100'000), "f"); }),
                HasSubstr("nested deeper"));
}

TEST(json_document, counts_columns_in_characters) {
    const auto document = json_document::parse("{\n\t\"\u00e9\": \"\U0001f600\", \"b\": 1}", "f");
    EXPECT_EQ(place(document, "/\u00e9"), "2:7");
    EXPECT_EQ(place(document, "/b"), "2:17");
    EXPECT_EQ(test::message_of([&] { throw document.problem(json_path("/b"), "no good"); }),
              "f:2:17: error: no good\n   \"\u00e9\": \"\U0001f600\", \"b\": 1}\n"
              "                  ^");
}

TEST(json_document, knows_where_names_stand_and_values_end) {
    const auto document =
        json_document::parse("{\"a\" : -1.5, \"b\": [true,\n {\"c\": \"\u00e9\"} ] }", "f");
    const auto shown = [](text_range r) {
        return fmt::format("{}:{}-{}:{}", r.begin.line, r.begin.column, r.end.line, r.end.column);
    };
    EXPECT_EQ(shown(document.range(json_path("/a"))), "1:8-1:12");
    EXPECT_EQ(shown(document.key_range(json_path("/a"))), "1:2-1:5");
    EXPECT_EQ(shown(document.range(json_path("/b"))), "1:19-2:14");
    EXPECT_EQ(shown(document.range(json_path("/b/0"))), "1:20-1:24");
    EXPECT_EQ(shown(document.key_range(json_path("/b/0"))), "1:20-1:24");
    EXPECT_EQ(shown(document.range(json_path("/b/1/c"))), "2:8-2:11");
    EXPECT_EQ(shown(document.key_range(json_path("/b/1/c"))), "2:3-2:6");
    EXPECT_EQ(document.size(), 6u);
}

TEST(json_document, bounds_the_number_of_values) {
    const auto list_of = [](std::size_t count) {
        std::string text = "[0";
        for (std::size_t i = 1; i < count; ++i) text += ",0";
        return text + "]";
    };
    EXPECT_NO_THROW(json_document::parse(list_of(199'999), "f"));
    EXPECT_THAT(test::message_of([&] { json_document::parse(list_of(200'000), "f"); }),
                StartsWith("f:1:400000: error: more than 200000 values"));
}

TEST(diagnostic, shows_the_part_of_a_long_line_that_matters) {
    const auto line = std::string(100, 'a') + "!" + std::string(200, 'b');
    EXPECT_EQ(diagnostic("f", line, {1, 101}, "m"),
              "f:1:101: error: m\n  \u2026" + std::string(60, 'a') + "!" + std::string(59, 'b') +
                  "\u2026\n  " + std::string(61, ' ') + "^");
    EXPECT_EQ(diagnostic("f", line, {1, 1}, "m"), "f:1:1: error: m\n  " + std::string(100, 'a') +
                                                      "!" + std::string(19, 'b') + "\u2026\n  ^");
    EXPECT_EQ(diagnostic("f", "", {7, 1}, "m"), "f:7:1: error: m");
}

TEST(diagnostic, shows_hostile_text_harmlessly) {
    EXPECT_EQ(diagnostic("f", "a\x1b[2J", {1, 3}, "\x1b"),
              "f:1:3: error: \\x1b\n  a\\x1b[2J\n       ^");
}

using json_file = test::in_temporary_folder;

TEST_F(json_file, is_named_in_its_errors) {
    const auto path = write("empty.json", "");
    EXPECT_THAT(test::message_of([&] { json_document::load(path); }),
                StartsWith(path.string() + ":1:1: error: "));
    EXPECT_THAT(test::message_of([&] { json_document::load(folder() / "none.json"); }),
                HasSubstr("none.json: No such file or directory"));
    EXPECT_THAT(test::message_of([&] { json_document::load(folder()); }),
                HasSubstr("Is a directory"));
    const auto pipe = folder() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(test::message_of([&] { json_document::load(pipe); }),
                HasSubstr("pipe: it is no regular file"));
    EXPECT_THAT(
        test::message_of([&] { json_document::load(write("large", std::string(17u << 20, ' '))); }),
        HasSubstr("large is larger than the limit of 16 MiB"));
}

TEST(bytes_to_json, keeps_every_byte) {
    const struct {
        std::string bytes;
        const char* text;
    } cases[] = {
        {"", R"({"text":""})"},
        {"caf\xc3\xa9\n", "{\"text\":\"caf\xc3\xa9\\n\"}"},
        {"\x1b[0m", R"({"text":"\u001b[0m"})"},
        {"\xff", R"({"base64":"/w=="})"},
        {"\xff\xfe", R"({"base64":"//4="})"},
        {"\xff\xfe\xfd", R"({"base64":"//79"})"},
        {std::string("\xc3\0a", 3), R"({"base64":"wwBh"})"},
    };
    for (const auto& c : cases) EXPECT_EQ(dump(bytes_to_json(c.bytes)), c.text);
}

TEST(dump, never_throws_on_bad_utf8) {
    EXPECT_EQ(dump(json("a\xff")), "\"a\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace qh
