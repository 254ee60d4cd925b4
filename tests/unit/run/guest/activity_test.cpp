#include "run/guest/activity.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

using namespace std::chrono_literals;
using kind = activity::kind;
using state = process_state;
using std::chrono::nanoseconds;

const time_point start{1000s};

nanoseconds part(double share, int seconds) {
    return std::chrono::duration_cast<nanoseconds>(share * seconds * 1s);
}

process_usage used(nanoseconds cpu_time, bool knows_waits = true) {
    return {state::running, std::chrono::duration_cast<Duration>(cpu_time), knows_waits, {}};
}

/// A guest that printed at `start` and used `ran` of a CPU in each of the `seconds` since, and
/// waited for one for `waited` of the time.
activity silent_for(int seconds, double ran, double waited = 0) {
    activity result;
    result.on_output(start);
    for (int second = 0; second <= seconds; ++second)
        result.on_usage(used(part(ran, second)), part(waited, second),
                        start + std::chrono::seconds(second));
    return result;
}

TEST(activity, tells_printing_from_computing_from_idle) {
    const struct {
        int seconds;
        double ran, waited;
        kind what;
        const char* text;
    } cases[] = {
        {0, 0, 0, kind::computing, "silent for 0 s but computing"},
        {2, 0, 0, kind::idle, "silent for 2 s and idle (QEMU used 0 % of a CPU)"},
        {42, 0.05, 0, kind::idle, "silent for 42 s and idle (QEMU used 5 % of a CPU)"},
        {42, 0.19, 0, kind::idle, "silent for 42 s and idle (QEMU used 19 % of a CPU)"},
        {42, 0.21, 0, kind::computing, "silent for 42 s but computing (QEMU used 21 % of a CPU)"},
        {42, 2, 0, kind::computing,
         "silent for 42 s but computing or spinning (QEMU used 200 % of a CPU)"},
        {42, 0.05, 0.9, kind::computing,
         "silent for 42 s but computing (QEMU used 5 % of a CPU and waited for one 90 % of the "
         "time)"},
        {42, 0.05, 0.1, kind::idle,
         "silent for 42 s and idle (QEMU used 5 % of a CPU and waited for one 10 % of the time)"},
    };
    for (const auto& c : cases) {
        const auto now = start + std::chrono::seconds(c.seconds);
        const auto guest = silent_for(c.seconds, c.ran, c.waited);
        EXPECT_EQ(guest.current(now, start), c.what) << c.text;
        EXPECT_EQ(guest.text(now, start), c.text);
    }
}

TEST(activity, calls_printing_what_printed_in_the_later_half_and_the_last_ten_seconds) {
    const struct {
        Duration step, ago;
        kind what;
    } cases[] = {
        {2s, 900ms, kind::printing}, {2s, 1s, kind::idle},      {12s, 5900ms, kind::printing},
        {12s, 6s, kind::idle},       {60s, 9s, kind::printing}, {60s, 10s, kind::idle},
    };
    for (const auto& c : cases) {
        auto guest = silent_for(60, 0);
        const auto now = start + 60s;
        guest.on_output(now - c.ago);
        EXPECT_EQ(guest.current(now, now - c.step), c.what) << c.step.count() << c.ago.count();
    }
}

TEST(activity, looks_only_at_the_last_seconds) {
    auto guest = silent_for(60, 1);
    for (int second = 61; second <= 80; ++second)
        guest.on_usage(used(60s), 0ns, start + std::chrono::seconds(second));
    EXPECT_EQ(guest.current(start + 80s, start), kind::idle);
}

TEST(activity, calls_nobody_idle_without_evidence) {
    activity unwatched;
    unwatched.on_output(start);
    EXPECT_EQ(unwatched.current(start + 60s, start), kind::computing);
    EXPECT_EQ(unwatched.quiet_since(), std::nullopt);
    unwatched.on_usage(used(0s), 0ns, start);
    unwatched.on_usage(used(0s), 0ns, start);
    EXPECT_EQ(unwatched.current(start + 60s, start), kind::computing);
    EXPECT_EQ(unwatched.quiet_since(), std::nullopt);
}

TEST(activity, is_quiet_since_the_last_output_or_the_last_work) {
    EXPECT_EQ(silent_for(42, 0.05).quiet_since(), start);
    EXPECT_EQ(silent_for(42, 0.5).quiet_since(), std::nullopt);
    EXPECT_EQ(silent_for(42, 0.05, 0.5).quiet_since(), std::nullopt) << "starved";
    auto guest = silent_for(42, 0.05);
    guest.on_output(start + 40s);
    EXPECT_EQ(guest.quiet_since(), start + 40s);
    guest.on_usage(used(part(0.05, 42) + 5s), 0ns, start + 43s);
    EXPECT_EQ(guest.quiet_since(), std::nullopt);
}

TEST(activity, is_never_sure_of_quiet_where_the_kernel_tells_of_no_waits) {
    activity guest;
    for (int second = 0; second <= 60; ++second)
        guest.on_usage(used(0s, false), 0ns, start + std::chrono::seconds(second));
    EXPECT_EQ(guest.current(start + 60s, start), kind::idle);
    EXPECT_EQ(guest.quiet_since(), std::nullopt);
}

TEST(activity, takes_an_answer_to_our_own_key_for_silence) {
    auto guest = silent_for(42, 0.05);
    guest.on_nudged(start + 30s);
    guest.on_output(start + 31s);
    EXPECT_EQ(guest.quiet_since(), start);
    guest.on_output(start + 31100ms);
    EXPECT_EQ(guest.quiet_since(), start + 31100ms);
}

TEST(activity, tells_of_a_machine_that_cannot_go_on) {
    auto guest = silent_for(42, 0);
    const auto now = start + 42s;
    guest.on_paused(true);
    EXPECT_EQ(guest.current(now, start), kind::stopped);
    EXPECT_EQ(guest.text(now, start), "paused by QEMU (QMP event STOP)");
    guest.on_paused(false);
    EXPECT_EQ(guest.current(now, start), kind::idle);
    guest.on_usage({state::stopped, 0s, true, {}}, 0ns, now);
    EXPECT_EQ(guest.current(now, start), kind::stopped);
    EXPECT_EQ(guest.text(now, start), "not running: QEMU's process is stopped (SIGSTOP)");
    guest.on_usage({state::gone, 0s, true, {}}, 0ns, now);
    EXPECT_EQ(guest.current(now, start), kind::gone);
}

}  // namespace
}  // namespace qh
