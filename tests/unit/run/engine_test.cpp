#include "run/engine.hpp"

#include "run/engine_fixture.hpp"
#include "scenario/selection.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class engine_run : public test::engine_fixture {};

constexpr auto boot_step_json = R"({"name": "boot", "boot": "shell"}, )";

TEST_F(engine_run, passes_a_whole_scenario) {
    load(
        std::string(boot_step_json) +
        R"js({"name": "arch", "run": "uname -m", "capture": "^(?P<arch>\\w+)$", "check": ["arch == riscv64"]},
            {"name": "again", "run": "echo {{arch}}", "match": "riscv64",
             "measure": {"name": "n", "value": "42", "unit": "B"}},
            {"name": "type", "send": "echo {{arch}}<enter>"},
            {"name": "see", "expect": "^got (?P<what>\\w+)"},
            {"name": "off", "poweroff": true})js");
    answers_ = {{"riscv64\n"}, {"riscv64\n"}, {{}, 0, power_off()}};
    replies_ = {{"echo riscv64\r\ngot it\r\n~ # "}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::passed) << result.reason;
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "arch:passed", "again:passed",
                                             "type:passed", "see:passed", "off:passed"));
    EXPECT_THAT(typed_, HasSubstr("'echo riscv64'"));
    EXPECT_THAT(typed_, HasSubstr("echo riscv64\r"));
    ASSERT_EQ(events_of("measurement").size(), 1u);
    EXPECT_EQ(events_of("measurement")[0]["step"], "again");
    EXPECT_EQ(events_of("step_finished")[4]["captures"]["what"], "it");
    EXPECT_FALSE(events_of("verdict")[0].contains("excerpt"));
}

TEST_F(engine_run, passes_without_poweroff_and_stops_the_machine_itself) {
    load(std::string(boot_step_json) + R"({"name": "one", "run": "true"})");
    answers_ = {{}};
    stopped_status_ = {true, 9};  // it had to be killed
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
}

TEST_F(engine_run, fails_on_an_exit_status_and_tells_what_did_not_run) {
    load(
        std::string(boot_step_json) +
        R"({"name": "bad", "run": "false"}, {"name": "later", "run": "true"}, {"name": "off", "poweroff": true})");
    answers_ = {{"the words\n", 1}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::failed);
    EXPECT_EQ(result.reason, "step \"bad\": exit status 1, expected 0: the words");
    EXPECT_THAT(step_outcomes(),
                ElementsAre("boot:passed", "bad:failed", "later:not_run", "off:not_run"));
    const auto bad = events_of("step_finished")[1];
    EXPECT_EQ(bad["exit"], 1);
    EXPECT_EQ(bad["output"], "the words\n");
    EXPECT_THAT(bad["excerpt"].get<std::string>(), HasSubstr("the words"));
    EXPECT_TRUE(events_of("verdict")[0].contains("excerpt"));
}

TEST_F(engine_run, goes_on_after_a_failure_where_asked_but_does_not_pass) {
    load(std::string(boot_step_json) +
         R"({"name": "bad", "run": "false", "on_fail": "continue"}, {"name": "good", "run": "true"},
            {"name": "off", "poweroff": true})");
    answers_ = {{"", 1}, {}, {{}, 0, power_off()}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::failed);
    EXPECT_EQ(result.reason, "step \"bad\": exit status 1, expected 0");
    EXPECT_THAT(step_outcomes(),
                ElementsAre("boot:passed", "bad:failed", "good:passed", "off:passed"));
}

TEST_F(engine_run, skips_a_step_whose_condition_does_not_hold) {
    load(std::string(boot_step_json) +
         R"js({"name": "arch", "run": "uname -m", "capture": "(?P<arch>\\w+)"},
            {"name": "other", "run": "false", "when": ["arch != ''", "arch == x86_64"]},
            {"name": "ours", "run": "true", "when": "arch == riscv64"},
            {"name": "unasked", "expect": "never comes", "when": "arch == x86_64"})js");
    answers_ = {{"riscv64\n"}, {}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "arch:passed", "other:skipped",
                                             "ours:passed", "unasked:skipped"));
    EXPECT_EQ(events_of("step_finished")[2]["reason"],
              "when: arch == x86_64 (arch is riscv64) does not hold");
}

TEST_F(engine_run, runs_only_the_steps_that_were_chosen) {
    load(std::string(boot_step_json) +
         R"({"name": "slow", "run": "false"}, {"name": "quick", "run": "true", "tags": "fast"},
            {"name": "setup", "run": "true", "tags": "always"}, {"name": "off", "poweroff": true})");
    EXPECT_EQ(select_steps(scenario_, {"", {"fast"}}), 1u);
    answers_ = {{}, {}, {{}, 0, power_off()}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "slow:skipped", "quick:passed",
                                             "setup:passed", "off:passed"));
}

/// Where "v" comes from and what it is used for, in steps that all may fail.
std::string uses_of_v(const std::string& source) {
    const std::string go_on = R"(, "on_fail": "continue"})";
    return std::string(boot_step_json) + R"({"name": "A", )" + source + go_on +
           R"(, {"name": "text", "run": "test -n '{{v}}'")" + go_on +
           R"(, {"name": "check", "run": "x", "check": "v != 3")" + go_on +
           R"(, {"name": "when", "run": "x", "when": "v != 3")" + go_on +
           R"(, {"name": "braces", "run": "x", "when": "{{v}} != 3")" + go_on +
           R"(, {"name": "to", "upload": {"text": "t", "to": "/tmp/{{v}}"})" + go_on +
           R"(, {"name": "value", "measure": {"name": "m", "value": "{{v}}"})" + go_on +
           R"js(, {"name": "own", "run": "x", "capture": "(?P<v>\\d)", "check": "v == 4"})js" +
           R"(, {"name": "now", "run": "x", "when": "{{v}} == 4"})";
}

TEST_F(engine_run, skips_what_needs_the_capture_of_a_skipped_step) {
    load(uses_of_v(R"js("run": "x", "when": "1 == 2", "capture": "(?P<v>\\d)")js"));
    answers_ = {{"4\n"}, {}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_THAT(
        step_outcomes(),
        ElementsAre("boot:passed", "A:skipped", "text:skipped", "check:skipped", "when:skipped",
                    "braces:skipped", "to:skipped", "value:skipped", "own:passed", "now:passed"));
    const auto steps = events_of("step_finished");
    EXPECT_EQ(steps[2]["reason"],
              "\"v\" has no value: the step \"A\", which captures it, was skipped");
    EXPECT_EQ(steps[4]["reason"],
              "when: \"v\" has no value: the step \"A\", which captures it, was skipped");
}

TEST_F(engine_run, fails_what_needs_the_capture_of_a_failed_step) {
    load(uses_of_v(R"js("run": "x", "capture": "(?P<v>\\d)")js"));
    answers_ = {{"none\n"}, {"4\n"}, {}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::failed);
    EXPECT_THAT(
        step_outcomes(),
        ElementsAre("boot:passed", "A:failed", "text:failed", "check:failed", "when:skipped",
                    "braces:skipped", "to:failed", "value:failed", "own:passed", "now:passed"));
    EXPECT_EQ(events_of("step_finished")[2]["reason"],
              "\"v\" has no value: the step \"A\", which captures it, failed");
}

TEST_F(engine_run, fails_what_needs_a_capture_that_a_passed_step_did_without) {
    load(std::string(boot_step_json) +
         R"js({"name": "A", "expect": {"pass": ["(?P<u>x)", "(?P<v>y)"]}},
            {"name": "B", "run": "{{v}}"})js");
    boot();
    print("x\r\n");
    EXPECT_EQ(
        play().reason,
        "step \"B\": \"v\" has no value: the step \"A\", which captures it, passed without it");
}

TEST_F(engine_run, skips_what_needs_the_capture_of_a_step_that_was_left_out) {
    load(std::string(boot_step_json) + R"js({"name": "A", "run": "x", "capture": "(?P<v>x)"},
            {"name": "B", "run": "{{v}}"}, {"name": "C", "run": "x"})js");
    EXPECT_EQ(select_steps(scenario_, {"B|C", {}}), 2u);
    answers_ = {{}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "A:skipped", "B:skipped", "C:passed"));
    EXPECT_EQ(events_of("step_finished")[2]["reason"],
              "\"v\" has no value: the step \"A\", which captures it, was left out by --filter, "
              "--tag or --keep");
}

TEST_F(engine_run, calls_a_deadly_signal_a_crash) {
    load(std::string(boot_step_json) + R"({"name": "ill", "run": "vtest"})");
    answers_ = {{"Illegal instruction\n", 132}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::crashed);
    EXPECT_EQ(result.reason,
              "step \"ill\": exit status 132 (SIGILL, illegal instruction), expected 0; the kernel "
              "did not print which instruction; with --append loglevel=7 it does");
}

struct silence {
    std::string name;
    const char* doing;
    double cpu_share;
    bool printing;
    run_outcome outcome;
};

class engine_timeout : public engine_run, public testing::WithParamInterface<silence> {};

TEST_P(engine_timeout, says_what_the_guest_was_doing) {
    load(std::string(boot_step_json) +
         R"({"name": "slow", "run": "x", "timeout": "1m"}, {"name": "later", "run": "y"})");
    answers_ = {{{}, 0, [this] {
                     cpu_share_ = GetParam().cpu_share;
                     if (GetParam().printing) keep_printing();
                 }}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, GetParam().outcome);
    EXPECT_EQ(result.reason, fmt::format("step \"slow\": no end within 60.0 s: the guest was {}",
                                         GetParam().doing));
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "slow:timed_out", "later:not_run"));
    EXPECT_EQ(events_of("step_finished")[1]["seconds"], 60.0);
}

INSTANTIATE_TEST_SUITE_P(
    guests, engine_timeout,
    testing::Values(silence{"printing", "still printing", 0.05, true, run_outcome::timed_out},
                    silence{"computing", "silent for 60 s but computing (QEMU used 80 % of a CPU)",
                            0.8, false, run_outcome::timed_out},
                    silence{"spinning",
                            "silent for 60 s but computing or spinning (QEMU used 100 % of a CPU)",
                            1, false, run_outcome::timed_out},
                    silence{"idle", "silent for 60 s and idle (QEMU used 2 % of a CPU)", 0.02,
                            false, run_outcome::hung}),
    [](const auto& info) { return info.param.name; });

TEST_F(engine_run, interrupts_a_command_that_timed_out_and_goes_on) {
    load(std::string(boot_step_json) +
         R"({"name": "slow", "run": "x", "timeout": "1m", "on_fail": "continue"},
            {"name": "next", "run": "y"})");
    answers_ = {{{}, 0, [] {}}, {"fine\n"}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::timed_out);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "slow:timed_out", "next:passed"));
    EXPECT_NE(typed_.find('\x03'), std::string::npos);
}

TEST_F(engine_run, ends_at_the_scenarios_timeout_even_where_a_step_may_fail) {
    load(std::string(boot_step_json) +
             R"({"name": "slow", "run": "x", "timeout": "1h", "on_fail": "continue"},
                {"name": "next", "run": "y"})",
         R"("timeout": "2m")");
    answers_ = {{{}, 0, [] {}}};
    boot();
    EXPECT_THAT(play().reason, HasSubstr("no end within 2m 00s (the scenario's timeout)"));
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "slow:timed_out", "next:not_run"));
}

TEST_F(engine_run, stretches_timeouts_for_a_slow_host) {
    load(std::string(boot_step_json) + R"({"name": "slow", "run": "x", "timeout": "1m"})");
    multiplier_ = 2.5;
    answers_ = {{{}, 0, [] {}}};
    boot();
    EXPECT_THAT(play().reason, HasSubstr("no end within 2m 30s"));
}

TEST_F(engine_run, is_interrupted_in_good_order) {
    load(std::string(boot_step_json) +
         R"({"name": "one", "run": "x"}, {"name": "two", "run": "y"})");
    answers_ = {{{}, 0, [this] {
                     interrupt();
                     interrupt();
                 }}};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::interrupted);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "one:failed", "two:not_run"));
    EXPECT_EQ(events_of("step_finished")[1]["reason"], "interrupted");
}

TEST_F(engine_run, tells_of_every_step_where_there_is_no_machine) {
    load(std::string(boot_step_json) + R"({"name": "one", "run": "x"})");
    engine engine(scenario_, {1, [] { return "w"; }}, *this,
                  [this](const event& e) { events_.push_back(e); });
    engine.on_no_machine(now_);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:not_run", "one:not_run"));
    EXPECT_EQ(engine.deadline(), std::nullopt);
}

TEST_F(engine_run, holds_the_guests_isa_against_qemus) {
    load(
        std::string(boot_step_json) +
        R"({"name": "facts", "facts": true, "check": ["guest.isa_missing == none", "guest.isa_extra == none"]})");
    cpu_.extensions = {{"m", true}, {"v", true}, {"zba", false}};
    answers_ = {{"isa=rv64im_zba_zbb\nharts=1\n"}};
    boot();
    EXPECT_EQ(play().reason,
              "step \"facts\": guest.isa_missing == none (guest.isa_missing is v) does not hold");
    const auto facts = events_of("facts").at(0);
    EXPECT_EQ(facts["guest.isa_extra"], "zba");
    EXPECT_EQ(facts["guest.harts"], "1");
    EXPECT_EQ(facts["machine.smp"], "1");
}

TEST_F(engine_run, what_a_command_has_printed_does_not_meet_a_later_expect) {
    load(std::string(boot_step_json) +
         R"({"name": "say", "run": "x"}, {"name": "see", "expect": "marker", "timeout": "2s"})");
    answers_ = {{"marker\n"}};
    boot();
    EXPECT_THAT(play().reason, HasSubstr("/marker/ did not come"));
    EXPECT_THAT(step_outcomes(), ElementsAre("boot:passed", "say:passed", "see:timed_out"));
}

}  // namespace
}  // namespace qh
