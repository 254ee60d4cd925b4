// The scheduler under virtual time: cells end when the test says so.
#include "matrix/scheduler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "matrix/sharding.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t gib = 1u << 30;

scheduler_limits host(std::size_t jobs, unsigned harts, std::uint64_t memory = UINT64_MAX) {
    scheduler_limits limits;
    limits.jobs = jobs;
    limits.harts = harts;
    limits.memory_bytes = memory;
    return limits;
}

cell_load taking(double seconds, unsigned harts = 1, std::uint64_t memory = 0,
                 unsigned retries = 0) {
    return {harts, memory, seconds, retries, 0};
}

std::vector<std::size_t> startable(scheduler& plan) {
    std::vector<std::size_t> started;
    while (const auto cell = plan.next()) started.push_back(*cell);
    return started;
}

TEST(scheduler_test, starts_the_longest_first_and_equal_ones_in_order) {
    scheduler plan({taking(1), taking(9), taking(5), taking(5)}, host(4, 4));
    EXPECT_THAT(startable(plan), ElementsAre(1, 2, 3, 0));
}

TEST(scheduler_test, keeps_to_jobs_harts_and_memory) {
    scheduler jobs({taking(1), taking(1), taking(1)}, host(2, 99));
    EXPECT_EQ(startable(jobs).size(), 2u);
    scheduler harts({taking(3, 2), taking(2, 2), taking(1, 1)}, host(9, 3));
    EXPECT_THAT(startable(harts), ElementsAre(0, 2));
    scheduler memory({taking(3, 1, 3 * gib), taking(2, 1, 2 * gib), taking(1, 1, gib)},
                     host(9, 9, 4 * gib));
    EXPECT_THAT(startable(memory), ElementsAre(0, 2));
}

TEST(scheduler_test, what_is_too_large_for_the_host_runs_alone) {
    scheduler plan({taking(9, 16, 64 * gib), taking(1)}, host(4, 2, gib));
    EXPECT_THAT(startable(plan), ElementsAre(0));
    plan.finish(0, attempt_end::passed);
    EXPECT_THAT(startable(plan), ElementsAre(1));
}

TEST(scheduler_test, a_large_cell_is_not_overtaken_for_ever) {
    // One of the small ones always runs, so the large one never fits by chance.
    std::vector<cell_load> cells = {taking(100), taking(50, 4)};
    for (int i = 0; i < 100; ++i) cells.push_back(taking(1));
    scheduler plan(cells, host(2, 4));
    std::vector<std::size_t> running = startable(plan);
    int started_before_it = 0;
    while (std::ranges::find(running, 1u) == running.end()) {
        ASSERT_LT(++started_before_it, 20);
        // Whatever has run longest ends.
        plan.finish(running.front(), attempt_end::passed);
        running.erase(running.begin());
        for (const auto cell : startable(plan)) running.push_back(cell);
    }
    EXPECT_EQ(running.size(), 1u);
}

TEST(scheduler_test, tries_again_as_often_as_it_may_and_not_what_failed_as_expected) {
    scheduler plan({taking(1, 1, 0, 2), taking(1, 1, 0, 2)}, host(1, 1));
    EXPECT_EQ(plan.next(), 0u);
    EXPECT_TRUE(plan.finish(0, attempt_end::failed));
    EXPECT_EQ(plan.next(), 0u);
    EXPECT_TRUE(plan.finish(0, attempt_end::infra_error));
    EXPECT_EQ(plan.next(), 0u);
    EXPECT_FALSE(plan.finish(0, attempt_end::failed));
    EXPECT_EQ(plan.next(), 1u);
    EXPECT_FALSE(plan.finish(1, attempt_end::as_expected));
    EXPECT_TRUE(plan.done());
}

TEST(scheduler_test, counts_the_attempts_that_a_resumed_night_has_made) {
    auto once_tried = taking(1, 1, 0, 1);
    once_tried.tried = 1;
    scheduler plan({once_tried}, host(1, 1));
    EXPECT_EQ(plan.next(), 0u);
    EXPECT_FALSE(plan.finish(0, attempt_end::failed));
}

TEST(scheduler_test, gives_up_after_infrastructure_errors_in_a_row) {
    scheduler plan(std::vector<cell_load>(20, taking(1)), host(1, 1));
    for (int i = 0; i < 4; ++i) plan.finish(*plan.next(), attempt_end::infra_error);
    plan.finish(*plan.next(), attempt_end::failed);
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(plan.stopped(), "");
        plan.finish(*plan.next(), attempt_end::infra_error);
    }
    EXPECT_THAT(plan.stopped(), HasSubstr("5 cells in a row"));
    EXPECT_EQ(plan.next(), std::nullopt);
    EXPECT_TRUE(plan.done());
    EXPECT_EQ(plan.waiting(), 10u);
}

TEST(scheduler_test, an_infrastructure_error_that_a_retry_mends_does_not_count) {
    scheduler plan(std::vector<cell_load>(20, taking(1, 1, 0, 1)), host(1, 1));
    for (int i = 0; i < 20; ++i) {
        const auto cell = plan.next();
        EXPECT_TRUE(plan.finish(*cell, attempt_end::infra_error));
        EXPECT_EQ(plan.next(), cell);
        plan.finish(*cell, attempt_end::passed);
    }
    EXPECT_EQ(plan.stopped(), "");
}

TEST(scheduler_test, fail_fast_lets_what_runs_end_and_tries_nothing_again) {
    auto limits = host(2, 2);
    limits.fail_fast = true;
    scheduler plan({taking(3), taking(2, 1, 0, 5), taking(1)}, limits);
    EXPECT_EQ(startable(plan).size(), 2u);
    EXPECT_FALSE(plan.finish(0, attempt_end::failed));
    EXPECT_EQ(plan.next(), std::nullopt);
    EXPECT_FALSE(plan.done());
    EXPECT_FALSE(plan.finish(1, attempt_end::failed));
    EXPECT_TRUE(plan.done());
}

TEST(scheduler_test, a_tolerated_failure_does_not_fail_fast) {
    auto limits = host(1, 1);
    limits.fail_fast = true;
    scheduler plan({taking(2), taking(1)}, limits);
    plan.finish(*plan.next(), attempt_end::tolerated);
    EXPECT_EQ(plan.next(), 1u);
}

TEST(scheduler_test, any_night_runs_every_cell_once_and_never_too_much_at_a_time) {
    std::mt19937 random(7);
    const auto pick = [&](unsigned most) { return 1 + static_cast<unsigned>(random() % most); };
    for (int night = 0; night < 200; ++night) {
        const auto limits = host(pick(5), pick(8), pick(8) * gib);
        std::vector<cell_load> cells;
        for (unsigned i = pick(40); i > 0; --i)
            cells.push_back(taking(pick(9), pick(10), pick(10) * gib));
        scheduler plan(cells, limits);
        std::vector<std::size_t> running, order;
        while (!plan.done()) {
            for (const auto cell : startable(plan)) {
                running.push_back(cell);
                order.push_back(cell);
            }
            ASSERT_FALSE(running.empty());
            unsigned harts = 0;
            std::uint64_t memory = 0;
            for (const auto cell : running) {
                harts += cells[cell].harts;
                memory += cells[cell].memory_bytes;
            }
            if (running.size() > 1) {
                ASSERT_LE(running.size(), limits.jobs);
                ASSERT_LE(harts, limits.harts);
                ASSERT_LE(memory, limits.memory_bytes);
            }
            const auto ends = running.begin() + static_cast<long>(random() % running.size());
            plan.finish(*ends, attempt_end::passed);
            running.erase(ends);
        }
        std::ranges::sort(order);
        ASSERT_EQ(order.size(), cells.size());
        ASSERT_EQ(std::ranges::adjacent_find(order), order.end());
    }
}

TEST(simulate_test, tells_how_long_a_night_takes) {
    EXPECT_EQ(simulate({taking(4), taking(3), taking(2), taking(1)}, host(2, 2)), 5);
    EXPECT_EQ(simulate({taking(4, 2), taking(3, 2)}, host(2, 2)), 7);
    EXPECT_EQ(simulate({}, host(2, 2)), 0);
}

TEST(share_out_test, balances_by_time_and_does_not_depend_on_the_order) {
    const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
    EXPECT_THAT(share_out(names, {10, 6, 5, 1, 1}, 2), ElementsAre(1, 2, 2, 1, 1));
    EXPECT_THAT(share_out({"e", "d", "c", "b", "a"}, {1, 1, 5, 6, 10}, 2),
                ElementsAre(1, 1, 2, 2, 1));
}

TEST(share_out_test, reads_a_shard_and_nothing_else) {
    EXPECT_EQ(parse_shard("2/5").index, 2u);
    EXPECT_EQ(parse_shard("2/5").count, 5u);
    for (const auto* wrong : {"0/5", "6/5", "2", "2/", "a/b", "-1/2", "1/2/3", ""})
        EXPECT_THAT(test::message_of([&] { parse_shard(wrong); }), HasSubstr("--shard wants I/N"));
}

}  // namespace
}  // namespace qh
