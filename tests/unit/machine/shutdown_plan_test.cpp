#include "machine/shutdown_plan.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

using namespace std::chrono_literals;
using action = shutdown_plan::action;

const time_point start{1000s};

TEST(shutdown_plan, does_nothing_before_it_begins) {
    shutdown_plan plan;
    EXPECT_FALSE(plan.begun());
    EXPECT_EQ(plan.deadline(), std::nullopt);
    EXPECT_EQ(plan.tick(start + 1h), action::none);
}

TEST(shutdown_plan, escalates_from_quit_to_kill) {
    shutdown_plan plan;
    EXPECT_EQ(plan.begin(start, true), action::qmp_quit);
    EXPECT_TRUE(plan.begun());
    EXPECT_EQ(plan.deadline(), start + 2s);
    EXPECT_EQ(plan.tick(start + 1999ms), action::none);
    EXPECT_EQ(plan.tick(start + 2s), action::terminate);
    EXPECT_EQ(plan.tick(start + 3s), action::none);
    EXPECT_EQ(plan.tick(start + 4s), action::kill);
    EXPECT_EQ(plan.deadline(), start + 6s);
    EXPECT_EQ(plan.tick(start + 6s), action::kill);
}

TEST(shutdown_plan, begins_with_sigterm_where_qmp_does_not_answer) {
    shutdown_plan plan;
    EXPECT_EQ(plan.begin(start, false), action::terminate);
    EXPECT_EQ(plan.tick(start + 2s), action::kill);
}

TEST(shutdown_plan, begins_only_once) {
    shutdown_plan plan;
    plan.begin(start, true);
    EXPECT_EQ(plan.begin(start + 1s, false), action::none);
    EXPECT_EQ(plan.deadline(), start + 2s);
}

TEST(shutdown_plan, counts_each_wait_from_the_last_action) {
    shutdown_plan plan;
    plan.begin(start, true);
    EXPECT_EQ(plan.tick(start + 10s), action::terminate);
    EXPECT_EQ(plan.deadline(), start + 12s);
}

}  // namespace
}  // namespace qh
