#include "run/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qh {
namespace {

using out = run_outcome;
using testing::HasSubstr;

const exit_status clean{false, 0}, code_7{false, 7}, killed{true, 9};
const failure panic{"panic", "Kernel panic", true, "line"};

/// The table of the QEMU facts: what each kind of end means while a step was in progress, and
/// when the guest was told to power off.
TEST(verdict, joins_console_qmp_and_status) {
    const struct {
        const char* reason;
        std::optional<exit_status> qemu;
        out unasked;
        out at_poweroff;
    } cases[] = {
        {"guest-shutdown", clean, out::failed, out::passed},
        {"guest-shutdown", code_7, out::failed, out::infra_error},
        {"guest-shutdown", killed, out::failed, out::infra_error},
        {"guest-panic", clean, out::failed, out::failed},
        {"guest-panic", code_7, out::failed, out::failed},
        {"guest-panic", killed, out::failed, out::failed},
        {"guest-reset", clean, out::reset, out::reset},
        {"guest-reset", code_7, out::reset, out::reset},
        {"guest-reset", killed, out::reset, out::reset},
        {"host-qmp-quit", clean, out::infra_error, out::infra_error},
        {"host-signal", clean, out::infra_error, out::infra_error},
        {"", clean, out::infra_error, out::infra_error},
        {"", code_7, out::infra_error, out::infra_error},
        {"", killed, out::infra_error, out::infra_error},
        {"", std::nullopt, out::infra_error, out::infra_error},
    };
    for (const auto& c : cases)
        for (const bool asked : {false, true}) {
            evidence e;
            e.shutdown_reason = c.reason;
            e.qemu = c.qemu;
            e.poweroff_expected = asked;
            const auto where =
                fmt::format("{} {} {}", c.reason, c.qemu ? c.qemu->text() : "", asked);
            EXPECT_EQ(judge(e).outcome, asked ? c.at_poweroff : c.unasked) << where;
            e.ended_by_us = true;
            EXPECT_EQ(judge(e).outcome, out::passed) << where << " by us";
            e.interrupted = true;
            EXPECT_EQ(judge(e).outcome, out::interrupted) << where;
            e.failed_step = deciding_step{"s", out::timed_out, "late"};
            EXPECT_EQ(judge(e).outcome, out::interrupted) << where;
            e.interrupted = false;
            EXPECT_EQ(judge(e).outcome, out::timed_out) << where;
            for (const bool interrupted : {false, true})
                for (const bool by_us : {false, true}) {
                    e.interrupted = interrupted;
                    e.ended_by_us = by_us;
                    e.fatal_failure = panic;
                    EXPECT_EQ(judge(e).outcome, out::panicked) << where;
                }
        }
}

TEST(verdict, gives_its_reason) {
    evidence e;
    e.step_in_progress = "work";
    e.qemu = killed;
    EXPECT_EQ(judge(e).reason,
              "QEMU was killed by signal 9 (Killed) without a word from the guest during step "
              "\"work\"");
    e.shutdown_reason = "guest-reset";
    EXPECT_EQ(judge(e).reason, "the guest rebooted unasked during step \"work\"");
    e.shutdown_reason = "guest-panic";
    e.qemu = code_7;
    EXPECT_EQ(judge(e).reason,
              "the guest ended the machine with failure code 7 during step \"work\"");
    e.failed_step = deciding_step{"check", out::failed, "exit 1"};
    EXPECT_EQ(judge(e).reason, "step \"check\": exit 1");
    e.interrupted = true;
    EXPECT_EQ(judge(e).reason, "interrupted during step \"work\"");
    e.fatal_failure = panic;
    EXPECT_EQ(judge(e).reason, "Kernel panic during step \"work\"");
    EXPECT_EQ(judge({}).reason, "QEMU was never started");
}

TEST(outcome, has_a_name_and_an_exit_code) {
    const struct {
        out outcome;
        const char* name;
        int code;
    } cases[] = {
        {out::passed, "passed", 0},
        {out::failed, "failed", 1},
        {out::timed_out, "timed_out", 1},
        {out::hung, "hung", 1},
        {out::panicked, "panicked", 1},
        {out::crashed, "crashed", 1},
        {out::reset, "reset", 1},
        {out::infra_error, "infra_error", 6},
        {out::interrupted, "interrupted", 2},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(name_of(c.outcome), c.name);
        EXPECT_EQ(exit_code(c.outcome), c.code) << c.name;
    }
    EXPECT_EQ(name_of(step_outcome::not_run), "not_run");
    EXPECT_EQ(name_of(step_outcome::skipped), "skipped");
}

TEST(exit_status, says_how_a_process_ended) {
    EXPECT_EQ(code_7.text(), "exited with status 7");
    EXPECT_EQ(killed.text(), "was killed by signal 9 (Killed)");
    EXPECT_TRUE(clean.clean());
    EXPECT_FALSE(code_7.clean());
    EXPECT_FALSE((exit_status{true, 0}).clean());
}

}  // namespace
}  // namespace qh
