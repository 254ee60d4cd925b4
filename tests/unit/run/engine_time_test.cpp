// Time as the engine counts it: what the host takes is not the guest's, and idling is told early.
#include "run/engine.hpp"
#include "run/engine_fixture.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class engine_time : public test::engine_fixture {
  protected:
    /// Boots, and lets the step "slow" see a guest that says nothing while `work` holds.
    verdict play_slow(const std::string& more, std::function<void()> work) {
        load(R"({"name": "boot", "boot": "shell"}, {"name": "slow", "run": "x")" + more +
             R"(}, {"name": "later", "run": "y"})");
        answers_ = {{{}, 0, std::move(work)}, {}};
        boot();
        return play();
    }

    json slow() const { return events_of("step_finished").at(1); }
};

TEST_F(engine_time, a_host_that_takes_half_of_it_gets_the_guest_twice_the_time) {
    const auto result = play_slow(R"(, "timeout": "1m")", [this] {
        cpu_share_ = 0.5;
        delay_share_ = 0.5;
    });
    EXPECT_EQ(result.outcome, run_outcome::timed_out);
    EXPECT_THAT(result.reason,
                HasSubstr("no end within 60.0 s, not counting 60.0 s that the host kept QEMU "
                          "waiting for a CPU: the guest was silent for 120 s but computing (QEMU "
                          "used 50 % of a CPU and waited for one 50 % of the time)"));
    EXPECT_NEAR(slow()["seconds"].get<double>(), 120, 0.2);
    EXPECT_NEAR(slow()["host_delay_s"].get<double>(), 60, 0.2);
}

TEST_F(engine_time, a_command_that_ends_thanks_to_the_longer_time_passes_and_says_so) {
    const auto result = play_slow(R"(, "timeout": "1m")", [this] {
        cpu_share_ = 0.25;
        delay_share_ = 0.75;
        answer_after(150s);
    });
    EXPECT_EQ(result.outcome, run_outcome::passed) << result.reason;
    EXPECT_NEAR(slow()["host_delay_s"].get<double>(), 112, 1);
}

TEST_F(engine_time, what_a_hypervisor_takes_from_the_host_is_not_the_guests_time_either) {
    const auto result = play_slow(R"(, "timeout": "1m")", [this] {
        cpu_share_ = 1;
        stolen_share_ = 0.5;
        answer_after(100s);
    });
    EXPECT_EQ(result.outcome, run_outcome::passed) << result.reason;
    EXPECT_NEAR(slow()["host_delay_s"].get<double>(), 50, 1);
}

TEST_F(engine_time, a_quiet_host_is_not_mentioned) {
    play_slow(R"(, "timeout": "1m")", [this] { cpu_share_ = 1; });
    EXPECT_FALSE(slow().contains("host_delay_s"));
}

TEST_F(engine_time, an_idle_guest_gets_no_more_time) {
    EXPECT_EQ(play_slow(R"(, "timeout": "1m")",
                        [this] {
                            cpu_share_ = 0.02;
                            delay_share_ = 0.01;
                        })
                  .outcome,
              run_outcome::hung);
    EXPECT_NEAR(slow()["seconds"].get<double>(), 60.6, 0.1);
}

TEST_F(engine_time, a_guest_that_the_host_starves_is_neither_hung_nor_late) {
    const auto result = play_slow(R"(, "timeout": "1m", "idle_timeout": "30s")", [this] {
        cpu_share_ = 0.01;
        delay_share_ = 0.99;
    });
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(result.reason, HasSubstr("the host is too busy: in 10m 00s QEMU waited 9m 5"));
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "slow:failed", "later:not_run"));
    EXPECT_EQ(slow()["seconds"], 600.0) << "ten times the timeout";
}

constexpr auto soft_lockup =
    "[   99.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 23s! [python3:99]\r\n";

TEST_F(engine_time, a_lockup_on_a_starved_host_is_not_the_guests) {
    const auto result = play_slow(R"(, "timeout": "1m")", [this] {
        cpu_share_ = 0.1;
        delay_share_ = 0.9;
        answer_after(60s, soft_lockup);
    });
    EXPECT_EQ(result.outcome, run_outcome::passed) << result.reason;
    const auto failure = events_of("failure").at(0);
    EXPECT_EQ(failure["kind"], "lockup");
    EXPECT_EQ(failure["fatal"], false);
    EXPECT_THAT(failure["host_excuse"].get<std::string>(),
                HasSubstr("for 20.7 s of the 23.0 s that the guest's watchdog counted"));
}

struct lockup {
    double host_share;
    std::string seconds;
};

class engine_time_of_lockup : public engine_time, public testing::WithParamInterface<lockup> {};

TEST_P(engine_time_of_lockup, is_the_guests_where_the_host_left_it_enough) {
    const auto [share, seconds] = GetParam();
    const auto result = play_slow(R"(, "timeout": "3m")", [&, share = share, seconds = seconds] {
        cpu_share_ = 1 - share;
        delay_share_ = share;
        answer_after(70s, "[   99.000000] watchdog: BUG: soft lockup - CPU#0 stuck for " + seconds +
                              "s! [x:1]\r\n");
    });
    EXPECT_EQ(result.outcome, run_outcome::panicked) << result.reason;
}

INSTANTIATE_TEST_SUITE_P(quiet_host_other_work_and_second_report, engine_time_of_lockup,
                         testing::Values(lockup{0, "22"}, lockup{0.2, "22"}, lockup{0.5, "67"}));

TEST_F(engine_time, a_watchdogs_panic_on_a_starved_host_is_the_hosts_fault) {
    const auto result = play_slow(R"(, "timeout": "1m")", [this] {
        cpu_share_ = 0.1;
        delay_share_ = 0.9;
        answer_after(60s,
                     std::string(soft_lockup) +
                         "[   99.000001] Kernel panic - not syncing: softlockup: hung tasks\r\n");
    });
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(result.reason,
                HasSubstr("softlockup: hung tasks during step \"slow\": the host is too busy"));
}

TEST_F(engine_time, an_oops_behind_an_excused_lockup_counts) {
    const auto result = play_slow(R"(, "timeout": "1m")", [this] {
        cpu_share_ = 0.1;
        delay_share_ = 0.9;
        answer_after(60s, std::string(soft_lockup) + "[   99.000001] Oops [#1]\r\n");
    });
    EXPECT_EQ(result.outcome, run_outcome::panicked);
    EXPECT_THAT(result.reason, HasSubstr("Oops"));
}

TEST_F(engine_time, the_scenarios_timeout_leaves_the_host_its_share_too) {
    load(R"({"name": "boot", "boot": "shell"}, {"name": "slow", "run": "x", "timeout": "1h"})",
         R"("timeout": "2m")");
    answers_ = {{{}, 0, [this] {
                     cpu_share_ = 0.5;
                     delay_share_ = 0.5;
                 }}};
    boot();
    EXPECT_THAT(play().reason, HasSubstr("no end within 2m 00s (the scenario's timeout), not "));
    EXPECT_NEAR(slow()["seconds"].get<double>(), 240, 2);
}

TEST_F(engine_time, the_multiplier_stretches_all_limits) {
    multiplier_ = 2;
    EXPECT_THAT(play_slow(R"(, "timeout": "1m")",
                          [this] {
                              cpu_share_ = 0.05;
                              delay_share_ = 0.95;
                          })
                    .reason,
                HasSubstr("the host is too busy: in 20m 00s"));
}

TEST_F(engine_time, without_waits_known_a_guest_gets_the_cpu_time_of_its_timeout) {
    knows_waits_ = false;
    const auto result = play_slow(R"(, "timeout": "1m")", [this] { cpu_share_ = 0.45; });
    EXPECT_EQ(result.outcome, run_outcome::timed_out);
    EXPECT_NEAR(slow()["seconds"].get<double>(), 120, 0.2);
}

TEST_F(engine_time, a_boot_that_idles_is_called_hung_early) {
    load(R"({"name": "boot", "boot": "shell", "timeout": "10m"})");
    cpu_share_ = 0.03;
    print("[    0.000000] Linux version 6.12\r\n");
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::hung);
    EXPECT_EQ(result.reason,
              "step \"boot\": the boot got as far as \"kernel\": the guest was silent and idle for "
              "60.0 s; nothing more was to come (idle_timeout)");
    EXPECT_NEAR(events_of("step_finished")[0]["seconds"].get<double>(), 60, 1);
    EXPECT_THAT(events_of("verdict")[0]["excerpt"].get<std::string>(), HasSubstr("Linux version"));
}

TEST_F(engine_time, a_boot_is_hung_though_its_terminal_echoes_our_enter) {
    load(R"({"name": "boot", "boot": "shell", "timeout": "10m"})");
    cpu_share_ = 0.03;
    echo_of_enter_ = "\r\n";
    print("[    1.000000] Run /init as init process\r\n");
    EXPECT_THAT(play().reason, HasSubstr("nothing more was to come"));
    EXPECT_THAT(typed_, HasSubstr("\r\r\r"));
}

struct idle_case {
    std::string name;
    std::string scenario, step;  ///< members
    double hung_after_s;         ///< 120: at the step's own timeout
};

class engine_idle : public engine_time, public testing::WithParamInterface<idle_case> {};

TEST_P(engine_idle, counts_from_the_steps_own_limit_then_the_scenarios) {
    load(R"({"name": "boot", "boot": "shell"}, {"name": "slow", "run": "x", "timeout": "2m")" +
             GetParam().step + "}",
         R"("timeout": "30m")" + GetParam().scenario);
    answers_ = {{{}, 0, [this] { cpu_share_ = 0; }}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::hung);
    EXPECT_NEAR(slow()["seconds"].get<double>(), GetParam().hung_after_s, 2);
}

INSTANTIATE_TEST_SUITE_P(
    limits, engine_idle,
    testing::Values(
        idle_case{"neither", "", "", 120}, idle_case{"step", "", R"(, "idle_timeout": "40s")", 40},
        idle_case{"scenario", R"(, "idle_timeout": "50s")", "", 50},
        idle_case{"both", R"(, "idle_timeout": "50s")", R"(, "idle_timeout": "20s")", 20},
        idle_case{"switched_off", R"(, "idle_timeout": "50s")", R"(, "idle_timeout": false)", 120}),
    [](const auto& info) { return info.param.name; });

TEST_F(engine_time, output_and_work_put_the_idle_limit_off) {
    const auto result = play_slow(R"(, "timeout": "1m", "idle_timeout": "5s")", [this] {
        cpu_share_ = 0;
        keep_printing();
    });
    EXPECT_EQ(result.outcome, run_outcome::timed_out);
    EXPECT_THAT(result.reason, HasSubstr("still printing"));
}

TEST_F(engine_time, a_stopped_qemu_is_the_hosts_fault) {
    const auto result = play_slow(R"(, "timeout": "1m", "on_fail": "continue")", [this] {
        cpu_share_ = 0;
        qemu_state_ = process_state::stopped;
    });
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(result.reason, HasSubstr("step \"slow\": no end within 60.0 s: the guest was not "
                                         "running: QEMU's process is stopped (SIGSTOP)"));
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "slow:failed", "later:not_run"));
}

TEST_F(engine_time, a_stopped_qemu_is_told_early_too) {
    EXPECT_EQ(play_slow(R"(, "timeout": "1h", "idle_timeout": "30s")",
                        [this] {
                            cpu_share_ = 0;
                            qemu_state_ = process_state::stopped;
                        })
                  .reason,
              "step \"slow\": the guest was not running: QEMU's process is stopped (SIGSTOP)");
}

TEST_F(engine_time, a_guest_that_qemu_paused_is_the_hosts_fault) {
    const auto result = play_slow(R"(, "timeout": "1m")", [this] {
        cpu_share_ = 0;
        pause_guest();
    });
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(result.reason, HasSubstr("paused by QEMU (QMP event STOP)"));
}

TEST_F(engine_time, a_qemu_that_has_ended_is_judged_by_its_end) {
    stopped_status_ = {true, 11};
    const auto result =
        play_slow(R"(, "timeout": "1m")", [this] { qemu_state_ = process_state::gone; });
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(result.reason, HasSubstr("QEMU was killed by signal 11"));
}

struct loss {
    std::string name;
    exit_status status;  ///< of a QEMU that ends; else it is stopped
    const char* reason;
};

class engine_loss : public engine_time, public testing::WithParamInterface<loss> {};

TEST_P(engine_loss, outweighs_an_earlier_failure_and_mentions_it) {
    load(R"({"name": "boot", "boot": "shell"},
            {"name": "bad", "run": "false", "on_fail": "continue"},
            {"name": "work", "run": "x", "timeout": "1m"}, {"name": "later", "run": "y"})");
    answers_ = {{"", 1}, {{}, 0, [this] {
                              if (GetParam().status.clean())
                                  qemu_state_ = process_state::stopped;
                              else
                                  end_qemu(GetParam().status);
                          }}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(result.reason, HasSubstr(GetParam().reason));
    EXPECT_THAT(result.reason,
                testing::EndsWith(" (before that, step \"bad\": exit status 1, expected 0)"));
}

INSTANTIATE_TEST_SUITE_P(machines, engine_loss,
                         testing::Values(loss{"crashed", {true, 11}, "was killed by signal 11"},
                                         loss{"stopped", {}, "is stopped (SIGSTOP)"}),
                         [](const auto& info) { return info.param.name; });

/// Seconds that the step "wait" took; the guest powers itself off behind it.
class engine_wait : public engine_time {
  protected:
    double wait(const std::string& more = "") {
        load(R"({"name": "boot", "boot": "shell"}, {"name": "wait", "wait": "40s")" + more +
             R"(}, {"name": "off", "poweroff": true})");
        answers_ = {{"", 0, power_off()}};
        boot();
        verdict_ = play();
        return events_of("step_finished").at(1)["seconds"];
    }
    verdict verdict_{};
};

TEST_F(engine_wait, passes_when_the_time_is_over_and_not_before) {
    cpu_share_ = 0;
    EXPECT_NEAR(wait(), 40, 0.01);
    EXPECT_EQ(verdict_.outcome, run_outcome::passed);
}

TEST_F(engine_wait, does_not_count_what_the_host_keeps_the_guest_waiting) {
    cpu_share_ = delay_share_ = 0.5;
    EXPECT_NEAR(wait(), 80, 2);
    EXPECT_EQ(verdict_.outcome, run_outcome::passed);
}

TEST_F(engine_wait, ends_at_a_panic) {
    load(R"({"name": "boot", "boot": "shell"}, {"name": "wait", "wait": "40s"})");
    boot();
    print("[   20.000000] Kernel panic - not syncing: gone\r\n");
    EXPECT_EQ(play().outcome, run_outcome::panicked);
}

}  // namespace
}  // namespace qh
