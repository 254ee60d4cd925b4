#include "base/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/errors.hpp"

namespace qh {
namespace {

using test::fails_with;

TEST(parse_duration, reads_every_unit) {
    const struct {
        const char* text;
        long ms;
    } cases[] = {
        {"250ms", 250},  {"1ms", 1},           {"30s", 30'000},         {"30", 30'000},
        {"2m", 120'000}, {"1h", 3'600'000},    {"1.5s", 1500},          {"0.25", 250},
        {".5m", 30'000}, {"720h", 2592000000}, {"2592000", 2592000000},
    };
    for (const auto& c : cases) EXPECT_EQ(parse_duration(c.text).count(), c.ms) << c.text;
}

TEST(parse_duration, refuses_what_is_no_duration) {
    for (const char* text : {"", " ", "s", "ms", "30 s", " 30s", "30s ", "1e3", "1d", "30S",
                             "2m30s", "0x10", "abc", "--1", "+1s"})
        EXPECT_TRUE(fails_with(fault::usage, [&] { parse_duration(text); })) << text;
}

TEST(parse_duration, refuses_what_is_out_of_range) {
    for (const char* text : {"0", "0ms", "0.5ms", "-1s", "721h", "inf", "nan", "99999999999999h"})
        EXPECT_THAT(test::message_of([&] { parse_duration(text); }),
                    testing::HasSubstr("out of range"))
            << text;
}

TEST(parse_memory, reads_sizes_as_qemu_does) {
    const struct {
        const char* text;
        std::uint64_t bytes;
    } cases[] = {
        {"512M", 512ull << 20}, {"512", 512ull << 20}, {"2G", 2ull << 30},    {"64K", 64ull << 10},
        {"1T", 1ull << 40},     {"1.5G", 3ull << 29},  {"1024T", 1ull << 50},
    };
    for (const auto& c : cases) EXPECT_EQ(parse_memory(c.text), c.bytes) << c.text;
}

TEST(parse_memory, refuses_what_is_no_size) {
    for (const char* text : {"", "0", "0G", "-1G", "2GB", "2g", "G", "1025T", "inf", "nan", "1e3"})
        EXPECT_TRUE(fails_with(fault::usage, [&] { parse_memory(text); })) << text;
}

TEST(format_duration, grows_coarser_with_size) {
    const struct {
        long ms;
        const char* text;
    } cases[] = {
        {0, "0.00 s"},        {420, "0.42 s"},     {12'300, "12.3 s"},
        {119'000, "119.0 s"}, {125'000, "2m 05s"}, {3'600'000, "60m 00s"},
    };
    for (const auto& c : cases) EXPECT_EQ(format_duration(Duration(c.ms)), c.text);
}

TEST(format_size, counts_in_powers_of_1000) {
    const struct {
        std::uint64_t bytes;
        const char* text;
    } cases[] = {{0, "0 B"},
                 {999, "999 B"},
                 {1500, "2 kB"},
                 {226'000'000, "226 MB"},
                 {1'300'000'000, "1.3 GB"}};
    for (const auto& c : cases) EXPECT_EQ(format_size(c.bytes), c.text);
}

}  // namespace
}  // namespace qh
