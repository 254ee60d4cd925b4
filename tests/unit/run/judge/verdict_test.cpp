#include "run/judge/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace qh {
namespace {

using out = run_outcome;
using testing::HasSubstr;

const exit_status clean{false, 0}, code_1{false, 1}, code_7{false, 7};
const exit_status killed{true, 9}, crashed{true, 11}, terminated{true, 15};
const failure panic{"panic", "Kernel panic", true, "line"};

/// How a machine can end, by QMP and by QEMU's status, and what that means in itself: while steps
/// were left, and once the guest was told to power off.
struct ending {
    const char* name;
    const char* reason;
    std::optional<exit_status> qemu;
    out with_steps_left;
    out at_poweroff;
};

const ending endings[] = {
    // The QEMU facts' table, row by row.
    {"guest powers off", "guest-shutdown", clean, out::failed, out::passed},
    {"guest's failure code", "guest-panic", code_7, out::failed, out::failed},
    {"guest's largest failure code", "guest-panic", exit_status{false, 255}, out::failed,
     out::failed},
    {"guest reboots, or panics with panic=-1", "guest-reset", clean, out::reset, out::reset},
    {"somebody's SIGTERM", "host-signal", clean, out::infra_error, out::infra_error},
    {"somebody's SIGKILL", "", killed, out::infra_error, out::infra_error},
    {"somebody's quit", "host-qmp-quit", clean, out::infra_error, out::infra_error},
    // What a sick QEMU or host may add.
    {"guest's failure, no code", "guest-panic", clean, out::failed, out::failed},
    {"guest's failure, then a crash", "guest-panic", crashed, out::failed, out::failed},
    {"reset, then a status", "guest-reset", code_7, out::reset, out::reset},
    {"reset, then a crash", "guest-reset", crashed, out::reset, out::reset},
    {"power off, then a status", "guest-shutdown", code_7, out::failed, out::infra_error},
    {"power off, then a crash", "guest-shutdown", crashed, out::failed, out::infra_error},
    {"power off, then SIGKILL", "guest-shutdown", killed, out::failed, out::infra_error},
    {"SIGTERM that QMP tells of", "host-signal", terminated, out::infra_error, out::infra_error},
    {"quit, then a crash", "host-qmp-quit", crashed, out::infra_error, out::infra_error},
    {"QEMU's own error", "host-error", code_1, out::infra_error, out::infra_error},
    {"QEMU's own error, then a crash", "host-error", crashed, out::infra_error, out::infra_error},
    {"no word, status 0", "", clean, out::infra_error, out::infra_error},
    {"no word, a status", "", code_1, out::infra_error, out::infra_error},
    {"no word, a crash", "", crashed, out::infra_error, out::infra_error},
    {"no word, SIGTERM", "", terminated, out::infra_error, out::infra_error},
    {"a reason of a later QEMU", "snapshot-load", clean, out::infra_error, out::infra_error},
    {"never started", "", std::nullopt, out::infra_error, out::infra_error},
};

std::optional<failure> console_failure(const char* kind) {
    if (!kind) return std::nullopt;
    return failure{kind, std::string("title of ") + kind, true, "line"};
}

/// Calls `look` with every combination of evidence there is, and the name of each.
void for_all_evidence(
    const std::function<void(const evidence&, const ending&, const char*)>& look) {
    constexpr std::optional<out> no_step;
    for (const auto& ending : endings)
        for (const auto* console : {static_cast<const char*>(nullptr), "panic", "reset"})
            for (const auto step : {no_step, std::optional(out::failed), std::optional(out::hung),
                                    std::optional(out::timed_out), std::optional(out::crashed),
                                    std::optional(out::infra_error)})
                for (unsigned flags = 0; flags < 8; ++flags) {
                    evidence e;
                    e.shutdown_reason = ending.reason;
                    e.qemu = ending.qemu;
                    e.fatal_failure = console_failure(console);
                    if (step) e.failed_step = deciding_step{"bad", *step, "why"};
                    e.ended_by_us = flags & 1;
                    e.poweroff_expected = flags & 2;
                    e.interrupted = flags & 4;
                    if (!e.ended_by_us) e.step_in_progress = "work";
                    SCOPED_TRACE(fmt::format(
                        "{}; console {}; step {}; by us {}, poweroff {}, interrupted {}",
                        ending.name, console ? console : "-", step ? name_of(*step) : "-",
                        e.ended_by_us, e.poweroff_expected, e.interrupted));
                    look(e, ending, console);
                }
}

/// Told apart by hand, in the order in which evidence counts.
out expected(const evidence& e, const ending& ending, const char* console) {
    if (console) return std::string_view(console) == "reset" ? out::reset : out::panicked;
    if (e.interrupted) return out::interrupted;
    if (!e.qemu) return out::infra_error;
    const std::string_view reason = ending.reason;
    const bool all_done = e.poweroff_expected && reason == "guest-shutdown";
    const auto own = e.poweroff_expected ? ending.at_poweroff : ending.with_steps_left;
    if (!e.ended_by_us && !all_done) return own;
    if (e.failed_step) return e.failed_step->outcome;
    if (e.ended_by_us && reason != "guest-reset" && reason != "guest-panic") return out::passed;
    return own;
}

TEST(verdict, joins_console_steps_qmp_and_status) {
    std::size_t combinations = 0;
    for_all_evidence([&](const evidence& e, const ending& ending, const char* console) {
        ++combinations;
        EXPECT_EQ(judge(e).outcome, expected(e, ending, console)) << judge(e).reason;
    });
    EXPECT_EQ(combinations, std::size(endings) * 3 * 6 * 8);
}

TEST(verdict, passes_only_what_nothing_speaks_against) {
    for_all_evidence([](const evidence& e, const ending&, const char*) {
        const auto result = judge(e);
        EXPECT_EQ(result.outcome == out::passed, result.reason.empty());
        if (result.outcome != out::passed) return;
        EXPECT_FALSE(e.fatal_failure || e.failed_step || e.interrupted);
        EXPECT_TRUE(e.qemu.has_value());
        EXPECT_NE(e.shutdown_reason, "guest-reset");
        EXPECT_NE(e.shutdown_reason, "guest-panic");
        if (e.ended_by_us) return;
        EXPECT_TRUE(e.poweroff_expected);
        EXPECT_EQ(e.shutdown_reason, "guest-shutdown");
        EXPECT_TRUE(e.qemu->clean());
    });
}

TEST(verdict, blames_the_infrastructure_only_where_the_guest_has_done_nothing) {
    for_all_evidence([](const evidence& e, const ending&, const char*) {
        if (judge(e).outcome != out::infra_error) return;
        EXPECT_FALSE(e.fatal_failure || e.interrupted);
        const bool by_step = e.failed_step && e.failed_step->outcome == out::infra_error;
        if (by_step || !e.qemu) return;
        EXPECT_FALSE(e.ended_by_us);
        EXPECT_NE(e.shutdown_reason, "guest-reset");
        EXPECT_NE(e.shutdown_reason, "guest-panic");
        if (e.shutdown_reason != "guest-shutdown") return;
        EXPECT_TRUE(e.poweroff_expected && !e.qemu->clean());
    });
}

TEST(verdict, never_takes_a_lost_qemu_for_a_failed_guest) {
    for_all_evidence([](const evidence& e, const ending& ending, const char*) {
        if (e.fatal_failure || e.interrupted || e.ended_by_us || !ending.qemu) return;
        if (std::string_view(ending.reason).starts_with("guest-")) return;
        const auto result = judge(e);
        EXPECT_EQ(result.outcome, out::infra_error);
        EXPECT_EQ(result.reason.ends_with(" (before that, step \"bad\": why)"),
                  e.failed_step.has_value())
            << result.reason;
    });
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
    EXPECT_EQ(judge(e).reason,
              "the guest ended the machine with failure code 7 during step \"work\" (before that, "
              "step \"check\": exit 1)");
    e.shutdown_reason = "host-error";
    EXPECT_EQ(
        judge(e).reason,
        "QEMU exited with status 7, which the guest did not ask for (QMP: host-error) during step "
        "\"work\" (before that, step \"check\": exit 1)");
    e.ended_by_us = true;
    EXPECT_EQ(judge(e).reason, "step \"check\": exit 1");
    EXPECT_TRUE(judge(e).of_failed_step);
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
