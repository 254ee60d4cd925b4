#include "run/activity.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

using namespace std::chrono_literals;
using kind = activity::kind;

const time_point start{1000s};

/// A guest that printed at `start` and used `share` of a CPU in each of the `seconds` since.
activity silent_for(int seconds, double share) {
    activity result;
    result.on_output(start);
    for (int second = 0; second <= seconds; ++second)
        result.on_cpu_time(start + std::chrono::seconds(second),
                           Duration(static_cast<long>(1000 * share * second)));
    return result;
}

TEST(activity, tells_printing_from_computing_from_idle) {
    const struct {
        int seconds;
        double share;
        kind what;
        const char* text;
    } cases[] = {
        {0, 0, kind::printing, "still printing"},
        {9, 0, kind::printing, "still printing"},
        {10, 0, kind::idle, "silent for 10 s and idle"},
        {42, 0.05, kind::idle, "silent for 42 s and idle"},
        {42, 0.19, kind::idle, "silent for 42 s and idle"},
        {42, 0.21, kind::computing, "silent for 42 s but computing"},
        {42, 2, kind::computing, "silent for 42 s but computing"},
    };
    for (const auto& c : cases) {
        const auto now = start + std::chrono::seconds(c.seconds);
        EXPECT_EQ(silent_for(c.seconds, c.share).current(now), c.what) << c.text;
        EXPECT_EQ(silent_for(c.seconds, c.share).text(now), c.text);
    }
}

TEST(activity, looks_only_at_the_last_seconds) {
    auto watched = silent_for(60, 1);
    for (int second = 61; second <= 80; ++second)
        watched.on_cpu_time(start + std::chrono::seconds(second), 60s);
    EXPECT_EQ(watched.current(start + 80s), kind::idle);
}

TEST(activity, calls_nobody_idle_without_evidence) {
    activity unwatched;
    unwatched.on_output(start);
    EXPECT_EQ(unwatched.current(start + 60s), kind::computing);
    unwatched.on_cpu_time(start, 0s);
    unwatched.on_cpu_time(start, 0s);
    EXPECT_EQ(unwatched.current(start + 60s), kind::computing);
}

}  // namespace
}  // namespace qh
