#include "console/kernel_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace qh {
namespace {

/// The messages' words, with "*" before those that printk has marked.
std::vector<std::string> messages(std::string_view line) {
    std::vector<std::string> found;
    for (const auto& one : messages_in(line))
        found.push_back((one.marked ? "*" : "") + std::string(one.words()));
    return found;
}

TEST(messages_in, begin_at_a_line_and_behind_each_mark_of_printk) {
    using testing::ElementsAre;
    EXPECT_THAT(messages("text"), ElementsAre("text"));
    EXPECT_THAT(messages(""), ElementsAre(""));
    EXPECT_THAT(messages("[   12.345678] one[   12.345679] two"), ElementsAre("*one", "*two"));
    EXPECT_THAT(messages("half a line[   12.345678][  T12] \ttwo"),
                ElementsAre("half a line", "*two"));
    EXPECT_THAT(messages("<6>one"), ElementsAre("*one"));
    EXPECT_THAT(messages("  <30>[    1.000000] one"), ElementsAre("*one"));
    EXPECT_THAT(messages("[12] one [1.5] two <b>three"),
                ElementsAre("[12] one [1.5] two <b>three"));
}

TEST(messages_in, begin_behind_an_open_prompt_too) {
    using testing::ElementsAre;
    EXPECT_THAT(messages("board login: reboot: now"),
                ElementsAre("board login: reboot: now", "reboot: now"));
    EXPECT_THAT(messages("root@host:~# one"), ElementsAre("root@host:~# one", "one"));
    EXPECT_THAT(messages("/ # one"), ElementsAre("/ # one", "one"));
    EXPECT_THAT(messages("# a comment"), ElementsAre("# a comment"));
    EXPECT_THAT(messages("~ # "), ElementsAre("~ # "));
}

TEST(messages_in, tell_the_kernels_time) {
    const auto found = messages_in("x[ 1234.000005] one");
    ASSERT_EQ(found.size(), 2u);
    EXPECT_FALSE(found[0].stamp_us);
    EXPECT_EQ(found[1].stamp_us, 1'234'000'005u);
}

}  // namespace
}  // namespace qh
