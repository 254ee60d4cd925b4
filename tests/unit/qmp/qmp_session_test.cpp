#include "qmp/qmp_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/errors.hpp"
#include "support/splits.hpp"

namespace qh {
namespace {

using kind = enum qmp_message::kind;
using testing::HasSubstr;

constexpr auto greeting =
    R"({"QMP": {"version": {"qemu": {"micro": 2, "minor": 0, "major": 10}, "package": "x"}, "capabilities": ["oob"]}})"
    "\r\n";

std::vector<qmp_message> messages_in(const test::chunks& chunks) {
    qmp_session session;
    std::vector<qmp_message> messages;
    for (const auto& chunk : chunks) session.feed(chunk, messages);
    return messages;
}

TEST(qmp_session, reads_each_kind_of_message_however_it_is_cut) {
    const auto bytes =
        std::string(greeting) +
        R"({"return": {}, "id": 1})"
        "\r\n\r\n" +
        R"({"timestamp": {"seconds": 1}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}})"
        "\n" +
        R"({"event": "RESUME"})"
        "\n" +
        R"({"id": 2, "error": {"class": "GenericError", "desc": "no such thing"}})"
        "\n" +
        R"({"return": true})"
        "\n" +
        R"({"error": {}})"
        "\n";
    for (const auto& chunks : test::all_splits(bytes)) {
        const auto m = messages_in(chunks);
        ASSERT_EQ(m.size(), 7u);
        EXPECT_EQ(m[0].kind, kind::greeting);
        EXPECT_EQ(version_of(m[0]).text(), "10.0.2");
        EXPECT_EQ(m[1].kind, kind::reply);
        EXPECT_EQ(m[1].id, 1u);
        EXPECT_EQ(m[2].kind, kind::event);
        EXPECT_EQ(m[2].text, "SHUTDOWN");
        EXPECT_EQ(m[2].data["reason"], "guest-reset");
        EXPECT_EQ(m[3].text, "RESUME");
        EXPECT_TRUE(m[3].data.empty());
        EXPECT_EQ(m[4].kind, kind::failure);
        EXPECT_EQ(m[4].id, 2u);
        EXPECT_EQ(m[4].text, "no such thing");
        EXPECT_EQ(m[5].id, 0u);
        EXPECT_EQ(m[5].data, json(true));
        EXPECT_EQ(m[6].text, "an error without description");
    }
}

TEST(qmp_session, numbers_its_commands) {
    qmp_session session;
    std::uint64_t first = 0, second = 0;
    EXPECT_EQ(session.command("cont", {}, first), "{\"execute\":\"cont\",\"id\":1}\n");
    const auto line = session.command("qom-get", {{"path", "/x"}}, second);
    EXPECT_EQ(line, "{\"arguments\":{\"path\":\"/x\"},\"execute\":\"qom-get\",\"id\":2}\n");
    EXPECT_EQ(first, 1u);
    EXPECT_EQ(second, 2u);
}

TEST(qmp_session, calls_what_is_no_qmp_an_infrastructure_error) {
    for (const char* line : {"hello", "{", "42", "[]", "null", "{}", R"({"error": "text"})",
                             R"({"event": 1})", R"({"return": 1, "id": "text"})", R"({"QMP": 1})",
                             "\xff\xfe", "{\"return\": \"\xff\"}"}) {
        const auto feed = [&] { messages_in({std::string(line) + "\n"}); };
        EXPECT_TRUE(test::fails_with(fault::infrastructure, feed)) << line;
        EXPECT_THAT(test::message_of(feed), HasSubstr("QEMU sent what is not QMP")) << line;
    }
}

TEST(qmp_session, shows_garbage_harmlessly_and_shortly) {
    const auto message =
        test::message_of([] { messages_in({"\x1b[2J" + std::string(10'000, 'x') + "\n"}); });
    EXPECT_THAT(message, HasSubstr("\\x1b[2J"));
    EXPECT_LT(message.size(), 400u);
}

TEST(qmp_session, bounds_a_message) {
    const std::string chunk(1 << 20, 'x');
    qmp_session session;
    std::vector<qmp_message> messages;
    for (int i = 0; i < 4; ++i) session.feed(chunk, messages);
    EXPECT_THAT(test::message_of([&] { session.feed("x", messages); }),
                HasSubstr("more than 4194304 bytes"));
}

TEST(version_of, refuses_a_greeting_of_another_shape) {
    for (const char* data : {"null", "{}", R"({"qemu": {}})", R"({"qemu": {"major": "x"}})", "1"}) {
        const qmp_message message{kind::greeting, {}, 0, parse_json(data)};
        EXPECT_TRUE(test::fails_with(fault::infrastructure, [&] { version_of(message); })) << data;
    }
}

TEST(qemu_version, is_ordered_by_its_numbers) {
    EXPECT_LT((qemu_version{8, 2, 0}), (qemu_version{10, 0, 0}));
    EXPECT_LT((qemu_version{8, 1, 9}), (qemu_version{8, 2, 0}));
    EXPECT_LT((qemu_version{8, 2, 0}), (qemu_version{8, 2, 1}));
}

}  // namespace
}  // namespace qh
