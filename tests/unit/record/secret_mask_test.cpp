#include "record/secret_mask.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

const time_point start{};

/// What is recorded of these chunks of a stream, to its end.
std::string recorded(secret_mask& mask, const std::vector<std::string>& chunks) {
    std::string text;
    for (const auto& chunk : chunks)
        text += mask.mask({start, "console_out", bytes_to_json(chunk)}, chunk).raw;
    for (const auto& rest : mask.finish(start)) text += rest.raw;
    return text;
}

TEST(secret_mask, hides_a_secret_however_its_bytes_come) {
    const std::string stream = "pass s3cret, s3cs3cret and s3cre";
    for (std::size_t size = 1; size <= stream.size(); ++size) {
        std::vector<std::string> chunks;
        for (std::size_t at = 0; at < stream.size(); at += size)
            chunks.push_back(stream.substr(at, size));
        secret_mask mask({"s3cret", ""});
        EXPECT_EQ(recorded(mask, chunks), "pass ***, s3c*** and s3cre") << size;
    }
}

TEST(secret_mask, holds_back_no_more_than_what_may_be_a_secret) {
    secret_mask mask({"abcd"});
    const auto first = mask.mask({start, "console_out", bytes_to_json("xyzab")}, "xyzab");
    EXPECT_EQ(first.raw, "xyz");
    EXPECT_EQ(first.what.data["text"], "xyz");
    EXPECT_EQ(mask.mask({start, "console_out", bytes_to_json("x")}, "x").raw, "abx");
    EXPECT_TRUE(mask.finish(start).empty());
}

TEST(secret_mask, keeps_streams_apart) {
    secret_mask mask({"abcd"});
    EXPECT_EQ(mask.mask({start, "console_out", bytes_to_json("ab")}, "ab").raw, "");
    EXPECT_EQ(mask.mask({start, "channel_out", bytes_to_json("cd")}, "cd").raw, "cd");
}

TEST(secret_mask, hides_the_longest_and_what_a_shell_is_typed) {
    const secret_mask mask({"pass", "password", "it's"});
    EXPECT_EQ(mask.text("password pass 'it'\\''s'"), "*** *** '***'");
}

TEST(secret_mask, goes_through_events_of_any_shape) {
    secret_mask mask({"s3cret"});
    const json data = {{"reason", "no s3cret"}, {"list", {1, "s3cret"}}, {"s3cret", true}};
    EXPECT_EQ(dump(mask.mask({start, "verdict", data}, {}).what.data),
              R"({"***":true,"list":[1,"***"],"reason":"no ***"})");
}

}  // namespace
}  // namespace qh
