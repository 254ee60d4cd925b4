#include "run/guest/time_budget.hpp"

#include <gtest/gtest.h>

#include "run/guest/host_delay.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

const time_point start{1000s};

TEST(time_budget, gives_back_what_the_host_took) {
    const struct {
        nanoseconds delay;  ///< since the budget began
        nanoseconds spent_after;
        bool taken_by_host;
    } cases[] = {
        {0s, 60s, false},    {1ms, 60001ms, false}, {90s, 150s, false},
        {540s, 600s, false}, {541s, 600s, true},    {10000s, 600s, true},
    };
    for (const auto& c : cases) {
        const time_budget budget(60s, start, 7s);
        EXPECT_EQ(budget.deadline(7s + c.delay), start + c.spent_after) << c.delay.count();
        EXPECT_EQ(budget.taken_by_host(7s + c.delay), c.taken_by_host) << c.delay.count();
    }
}

TEST(time_budget, tells_no_more_delay_than_time_has_passed) {
    const time_budget budget(60s, start, 7s);
    EXPECT_EQ(budget.delay_until(start + 10s, 7s), 0s);
    EXPECT_EQ(budget.delay_until(start + 10s, 9s), 2s);
    EXPECT_EQ(budget.delay_until(start + 1s, 9s), 1s);
}

process_usage sample(std::vector<thread_usage> threads, bool knows_waits = true) {
    return {process_state::running, 0s, knows_waits, std::move(threads)};
}

TEST(host_delay, takes_the_most_delayed_thread_of_each_interval) {
    const struct {
        const char* what;
        std::vector<thread_usage> before, after;  ///< a second apart
        nanoseconds delay;
    } cases[] = {
        {"idle", {{1, 0s, 0s}}, {{1, 0s, 0s}}, 0s},
        {"busy, alone", {{1, 5s, 2s}}, {{1, 6s, 2s}}, 0s},
        {"busy, half starved", {{1, 5s, 2s}}, {{1, 5500ms, 2500ms}}, 500ms},
        {"two harts", {{1, 5s, 2s}, {2, 5s, 1s}}, {{1, 6s, 2100ms}, {2, 6s, 1300ms}}, 300ms},
        {"never more than passed", {{1, 0s, 0s}}, {{1, 0s, 5s}}, 1s},
        {"a new thread", {{1, 5s, 2s}}, {{1, 5s, 2s}, {2, 100ms, 400ms}}, 400ms},
        {"a thread that ended", {{1, 5s, 2s}, {2, 5s, 9s}}, {{1, 5s, 2100ms}}, 100ms},
        {"an id used again", {{1, 5s, 2s}}, {{1, 100ms, 300ms}}, 300ms},
        {"no threads", {{1, 5s, 2s}}, {}, 0s},
    };
    for (const auto& c : cases) {
        host_delay delay;
        delay.on_usage(sample(c.before), start);
        EXPECT_EQ(delay.total(), 0s) << c.what << ": what was before counts for nothing";
        delay.on_usage(sample(c.after), start + 1s);
        EXPECT_EQ(delay.total(), c.delay) << c.what;
        delay.on_usage(sample(c.after), start + 2s);
        EXPECT_EQ(delay.total(), c.delay) << c.what << ", then nothing";
    }
}

TEST(host_delay, does_not_count_what_took_no_time) {
    host_delay delay;
    delay.on_usage(sample({{1, 0s, 0s}}), start);
    delay.on_usage(sample({{1, 0s, 9s}}), start);
    EXPECT_EQ(delay.total(), 0s);
}

TEST(host_delay, counts_time_in_which_nobody_could_watch) {
    for (const bool knows_waits : {false, true}) {
        host_delay delay;
        delay.on_usage(sample({{1, 0s, 0s}}, knows_waits), start);
        delay.on_usage(sample({{1, 5s, 0s}}, knows_waits), start + 5s);
        EXPECT_EQ(delay.total(), 0s);
        delay.on_usage(sample({{1, 3605s, 0s}}, knows_waits), start + 3605s);
        EXPECT_EQ(delay.total(), 3595s);
    }
}

TEST(host_delay, estimates_waits_that_the_kernel_does_not_tell) {
    const struct {
        std::vector<nanoseconds> ran;  ///< by each thread, of one second
        Duration delay;
    } cases[] = {
        {{0s}, 0ms},      {{190ms}, 0ms},     {{450ms}, 500ms},
        {{900ms}, 0ms},   {{1s}, 0ms},        {{100ms, 100ms, 100ms}, 0ms},
        {{225ms}, 750ms}, {{450ms, 1s}, 0ms},
    };
    for (const auto& c : cases) {
        std::vector<thread_usage> before, after;
        for (const auto ran : c.ran) {
            const int id = static_cast<int>(before.size()) + 1;
            before.push_back({id, 3s, 0s});
            after.push_back({id, 3s + ran, 0s});
        }
        host_delay delay;
        delay.on_usage(sample(before, false), start);
        delay.on_usage(sample(after, false), start + 1s);
        EXPECT_EQ(std::chrono::round<Duration>(delay.total()), c.delay) << c.ran[0].count();
    }
}

}  // namespace
}  // namespace qh
