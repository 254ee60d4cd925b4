#include "base/object_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "support/errors.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

TEST(object_reader, reads_each_type) {
    const auto document = json_document::parse(
        R"({"t": "x", "f": true, "n": 7, "d": "90s", "m": "2G", "one": "a", "many": ["a", "b"]})",
        "f");
    object_reader reader(document, json_path(), "a thing");
    EXPECT_EQ(reader.text("t"), "x");
    EXPECT_TRUE(reader.flag("f", false));
    EXPECT_EQ(reader.number("n", 0, 7), 7u);
    EXPECT_EQ(reader.duration("d", Duration(1)), std::chrono::seconds(90));
    EXPECT_EQ(reader.memory("m", 1), 2ull << 30);
    EXPECT_EQ(reader.texts("one"), std::vector<std::string>{"a"});
    EXPECT_EQ(reader.texts("many"), (std::vector<std::string>{"a", "b"}));
    EXPECT_NO_THROW(reader.finish());
}

TEST(object_reader, falls_back_where_a_key_is_missing) {
    const auto document = json_document::parse("{}", "f");
    object_reader reader(document, json_path(), "a thing");
    EXPECT_EQ(reader.text("t", "fallback"), "fallback");
    EXPECT_TRUE(reader.flag("f", true));
    EXPECT_EQ(reader.number("n", 3, 9), 3u);
    EXPECT_EQ(reader.duration("d", Duration(5)), Duration(5));
    EXPECT_EQ(reader.memory("m", 4), 4u);
    EXPECT_TRUE(reader.texts("l").empty());
}

TEST(object_reader, points_at_each_mistake) {
    using read = std::function<void(object_reader&)>;
    const struct {
        const char* value;
        read action;
        const char* message;
    } cases[] = {
        {"1", [](auto& r) { r.text("k"); }, "f:2:5: error: \"k\" must be a text"},
        {"null", [](auto& r) { r.text("k", ""); }, "f:2:5: error: \"k\" must be a text"},
        {"0", [](auto& r) { r.flag("k", true); }, "\"k\" must be true or false"},
        {"-1", [](auto& r) { r.number("k", 0, 9); }, "must be a whole number from 0 to 9"},
        {"1.5", [](auto& r) { r.number("k", 0, 9); }, "must be a whole number from 0 to 9"},
        {"10", [](auto& r) { r.number("k", 0, 9); }, "must be a whole number from 0 to 9"},
        {"\"1x\"", [](auto& r) { r.number("k", 0, 9); }, "must be a whole number from 0 to 9"},
        {"\"5x\"", [](auto& r) { r.duration("k", {}); }, "f:2:5: error: '5x' is not a duration"},
        {"5", [](auto& r) { r.duration("k", {}); }, "\"k\" must be a text\n  \"k\":5"},
        {"\"5x\"", [](auto& r) { r.memory("k", 0); }, "f:2:5: error: '5x' is not a memory size"},
        {"{}", [](auto& r) { r.texts("k"); }, "must be a text or a list of texts"},
        {"[1]", [](auto& r) { r.texts("k"); }, "must be a text or a list of texts"},
        {"1", [](auto& r) { r.text("other"); }, "f:1:1: error: a thing needs \"other\""},
    };
    for (const auto& c : cases) {
        const auto document = json_document::parse(fmt::format("{{\n\"k\":{}}}", c.value), "f");
        object_reader reader(document, json_path(), "a thing");
        EXPECT_THAT(test::message_of([&] { c.action(reader); }), HasSubstr(c.message));
    }
}

TEST(object_reader, asks_whether_another_key_was_meant) {
    const auto document = json_document::parse("{\n \"timeot\": 1 }", "f");
    object_reader reader(document, json_path(), "a thing");
    reader.has("timeout");
    EXPECT_THAT(test::message_of([&] { reader.finish(); }),
                HasSubstr("f:2:2: error: a thing has no \"timeot\"; did you mean \"timeout\"?"));
}

TEST(object_reader, refuses_a_key_that_is_like_no_other) {
    const auto document = json_document::parse("{\"banana\": 1}", "f");
    object_reader reader(document, json_path(), "a thing");
    reader.has("timeout");
    const auto message = test::message_of([&] { reader.finish(); });
    EXPECT_THAT(message, HasSubstr("a thing has no \"banana\"\n"));
}

TEST(object_reader, wants_an_object) {
    const auto document = json_document::parse("[1]", "f");
    EXPECT_THAT(test::message_of([&] { object_reader(document, json_path(), "a thing"); }),
                HasSubstr("f:1:1: error: a thing must be an object"));
}

}  // namespace
}  // namespace qh
