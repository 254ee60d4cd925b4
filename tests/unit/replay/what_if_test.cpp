#include "replay/what_if.hpp"

#include "replay/recording_fixture.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto steps = R"js(
    {"name": "boot", "boot": "shell"},
    {"name": "arch", "run": "uname -m", "match": "^riscv64$"},
    {"name": "slow", "run": "work", "timeout": "1m"},
    {"name": "type", "send": "echo hi<enter>"},
    {"name": "see", "expect": "^got 42 of (?P<all>\\d+)"},
    {"name": "off", "poweroff": true})js";

class what_if_test : public test::recording_fixture {
  protected:
    std::filesystem::path record_run() {
        load(steps);
        answers_ = {{"riscv64\n"}, {{}, 0, [this] { answer_after(20s); }}, {{}, 0, power_off()}};
        replies_ = {{"echo hi\r\nGot 42 of 50\r\ngot 42 of 50\r\n~ # "}};
        boot();
        return play_recorded();
    }

    /// Replays with each `from` in the steps replaced by `to`.
    what_if_outcome with(const std::string& from, const std::string& to) {
        const auto folder = record_run();
        EXPECT_EQ(verdict_.outcome, run_outcome::passed) << verdict_.reason;
        std::string edited = steps;
        EXPECT_NE(edited.find(from), std::string::npos);
        edited.replace(edited.find(from), from.size(), to);
        load(edited);
        const auto recorded = read_recording(folder);
        return replay_edited(recorded, scenario_, [](const event&) {});
    }
};

TEST_F(what_if_test, the_same_scenario_ends_the_same) {
    const auto tried = with("uname", "uname");
    EXPECT_EQ(tried.outcome, run_outcome::passed);
    EXPECT_FALSE(tried.diverged);
}

TEST_F(what_if_test, another_check_of_the_same_command_is_judged) {
    const auto tried = with("^riscv64$", "^RISCV64$");
    EXPECT_EQ(tried.outcome, run_outcome::failed);
    ASSERT_TRUE(tried.diverged);
    EXPECT_EQ(tried.diverged->step, "arch");
    EXPECT_EQ(tried.diverged->why, "failed now, passed in the recording");
    ASSERT_EQ(tried.missed.size(), 1u);
    EXPECT_EQ(tried.missed[0].nearest.at(0).line, "riscv64");
    EXPECT_EQ(tried.missed[0].nearest.at(0).difference, "matches but for case");
}

TEST_F(what_if_test, a_failure_that_stays_one_says_what_came_near_too) {
    load(R"({"name": "boot", "boot": "shell"}, {"name": "bad", "run": "x", "match": "^Yes$"})");
    answers_ = {{"yes\n"}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(replay(folder).missed.at(0).nearest.at(0).difference, "matches but for case");
    load(R"({"name": "boot", "boot": "shell"}, {"name": "bad", "run": "x", "match": "^YES$"})");
    const auto tried = replay_edited(read_recording(folder), scenario_, [](const event&) {});
    EXPECT_FALSE(tried.diverged);
    EXPECT_EQ(tried.missed.at(0).regex, "^YES$");
}

TEST_F(what_if_test, a_shorter_timeout_is_over_in_virtual_time) {
    const auto tried = with("1m", "10s");
    EXPECT_EQ(tried.outcome, run_outcome::timed_out);
    EXPECT_EQ(tried.diverged->step, "slow");
}

TEST_F(what_if_test, what_was_never_typed_has_no_answer) {
    const auto tried = with("uname -m", "uname -r");
    EXPECT_FALSE(tried.outcome);
    EXPECT_EQ(tried.diverged->step, "arch");
    EXPECT_EQ(tried.diverged->why, "it types \"uname -r\", which the recorded run never did");
}

TEST_F(what_if_test, a_step_that_still_waits_where_the_recorded_run_went_on_has_none_either) {
    const auto tried = with("got 42 of", "got 43 of");
    EXPECT_FALSE(tried.outcome);
    EXPECT_EQ(tried.diverged->step, "see");
    EXPECT_THAT(tried.diverged->why, HasSubstr("the recorded run went on to step \"off\""));
    EXPECT_EQ(tried.missed.at(0).nearest.at(0).difference, "has 42 where the regex has 43");
}

TEST_F(what_if_test, what_comes_only_after_the_recorded_run_went_on_is_told) {
    const auto tried = with("^got 42 of (?P<all>\\\\d+)", "Power down");
    EXPECT_FALSE(tried.outcome);
    EXPECT_THAT(tried.diverged->why, HasSubstr("what it waits for came later"));
    EXPECT_THAT(tried.diverged->why, HasSubstr("reboot: Power down"));
}

TEST_F(what_if_test, behind_a_hole_in_the_recording_there_is_no_answer) {
    const auto folder = record_run();
    auto text = journal();
    const auto hole = text.find("echo hi\\r\\nGot 42");
    ASSERT_NE(hole, std::string::npos);
    text.insert(hole, "\"");
    replace_journal(text);
    const auto tried = replay_edited(read_recording(folder), scenario_, [](const event&) {});
    EXPECT_FALSE(tried.outcome);
    ASSERT_TRUE(tried.diverged);
    EXPECT_EQ(tried.diverged->step, "see");
    EXPECT_EQ(tried.diverged->why, "the recording lacks what came here");
}

TEST_F(what_if_test, fewer_steps_are_judged_where_they_end) {
    const auto tried = with(",\n    {\"name\": \"off\", \"poweroff\": true}", "");
    EXPECT_EQ(tried.outcome, run_outcome::passed);
    EXPECT_FALSE(tried.diverged);
}

TEST_F(what_if_test, more_steps_than_were_recorded_have_no_answer) {
    load(std::string(R"({"name": "boot", "boot": "shell"}, {"name": "bad", "run": "false"})"));
    answers_ = {{"no\n", 1}};
    boot();
    const auto folder = play_recorded();
    load(R"({"name": "boot", "boot": "shell"}, {"name": "bad", "run": "false", "exit": 1},
            {"name": "next", "run": "true"})");
    const auto tried = replay_edited(read_recording(folder), scenario_, [](const event&) {});
    EXPECT_FALSE(tried.outcome);
    EXPECT_EQ(tried.diverged->step, "bad");
    EXPECT_THAT(tried.diverged->why,
                HasSubstr("it types \"true\", which the recorded run never did"));
}

}  // namespace
}  // namespace qh
