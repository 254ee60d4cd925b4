#include "image/prune.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto now = std::filesystem::file_time_type(1000h);

std::vector<std::string> pruned(const prune_limits& limits) {
    const auto image = [](std::string name, std::uint64_t bytes, auto age) {
        stored_image one;
        one.files.name = std::move(name);
        one.bytes = bytes;
        one.used = now - age;
        return one;
    };
    std::vector<std::string> names;
    for (const auto& one :
         to_prune({image("today", 100, 1h), image("old", 300, 100h), image("older", 200, 200h)},
                  limits, now))
        names.push_back(one.files.name);
    return names;
}

TEST(prune, removes_what_was_not_used_for_long) {
    EXPECT_THAT(pruned({.unused_for = 150h}), ElementsAre("older"));
    EXPECT_THAT(pruned({.unused_for = 201h}), IsEmpty());
}

TEST(prune, removes_the_longest_unused_until_the_rest_fits) {
    EXPECT_THAT(pruned({.keep_bytes = 600}), IsEmpty());
    EXPECT_THAT(pruned({.keep_bytes = 400}), ElementsAre("older"));
    EXPECT_THAT(pruned({.keep_bytes = 399}), ElementsAre("older", "old"));
    EXPECT_THAT(pruned({.keep_bytes = 0}), ElementsAre("older", "old", "today"));
}

TEST(prune, does_both) {
    EXPECT_THAT(pruned({.unused_for = 150h, .keep_bytes = 100}), ElementsAre("older", "old"));
    EXPECT_THAT(pruned({}), IsEmpty());
}

}  // namespace
}  // namespace qh
