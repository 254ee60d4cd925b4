// The engine on a guest with a second console.
#include "run/engine.hpp"
#include "run/engine_fixture.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class engine_channel : public test::engine_fixture {
  protected:
    engine_channel() {
        load_on("auto");
        second_console_ = {"started\n"};
    }

    void load_on(const std::string& channel, const std::string& more_steps = "") {
        load(R"({"name": "boot", "boot": "shell"}, {"name": "work", "run": "echo here"})" +
                 more_steps,
             R"("timeout": "30m", "machine": {"channel": ")" + channel + R"("})");
    }
};

TEST_F(engine_channel, commands_go_to_the_second_console) {
    answers_ = {{"Kernel panic - not syncing: words\r\n[    1.000000] Oops [#1]\r\n"}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_THAT(channel_typed_, HasSubstr("'echo here'"));
    EXPECT_THAT(typed_, Not(HasSubstr("'echo here'")));
    EXPECT_TRUE(events_of("failure").empty());
    EXPECT_EQ(events_of("step_finished")[1]["output"],
              "Kernel panic - not syncing: words\n[    1.000000] Oops [#1]\n");
}

TEST_F(engine_channel, the_console_is_the_kernels_meanwhile) {
    answers_ = {{{}, 0, [this] { print("[    9.000000] Kernel panic - not syncing: x\r\n"); }}};
    boot();
    EXPECT_EQ(play().reason, "Kernel panic - not syncing: x during step \"work\"");
}

TEST_F(engine_channel, what_a_scenario_types_reaches_the_prompt_at_once) {
    load_on("virtio",
            R"(, {"name": "type", "send": "x<enter>"}, {"name": "see", "expect": "^typed"},
                          {"name": "again", "run": "y"})");
    answers_ = {{}, {}};
    replies_ = {{"x\r\ntyped\r\n~ # "}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_THAT(typed_, testing::EndsWith("x\r"));
}

TEST_F(engine_channel, a_scenario_that_types_stays_on_the_console_unless_told_otherwise) {
    load_on("auto", R"(, {"name": "type", "send": "x<enter>"})");
    answers_ = {{}};
    replies_ = {{"x\r\n~ # "}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(channel_typed_, "");
    EXPECT_THAT(typed_, Not(HasSubstr("hvc1")));
}

TEST_F(engine_channel, the_console_serves_where_the_guest_has_no_second_one) {
    second_console_ = {"there is no /dev/hvc1\n", 1};
    answers_ = {{}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(channel_typed_, "");
}

TEST_F(engine_channel, the_console_serves_where_no_shell_answers_on_the_second_one) {
    channel_answers_ = false;
    answers_ = {{}};
    boot();
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_THAT(typed_, HasSubstr("'echo here'"));
}

TEST_F(engine_channel, a_second_console_that_was_asked_for_and_is_not_there_fails_the_boot) {
    load_on("virtio");
    second_console_ = {"there is no /dev/hvc1\n", 1};
    boot();
    const auto result = play();
    EXPECT_EQ(result.outcome, run_outcome::infra_error);
    EXPECT_THAT(result.reason, HasSubstr("(\"channel\": \"virtio\"): there is no /dev/hvc1"));
    EXPECT_THAT(step_outcomes(), ElementsAre(testing::StartsWith("boot:"), "work:not_run"));
}

TEST_F(engine_channel, what_a_timed_out_command_printed_is_in_the_record) {
    answers_ = {{{}, 0, [this] {
                     happen([](engine& e, time_point now) { e.on_channel("half a li", now); });
                 }}};
    boot();
    play();
    EXPECT_EQ(events_of("step_finished")[1]["output"], "half a li");
}

}  // namespace
}  // namespace qh
