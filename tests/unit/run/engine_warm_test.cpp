// The step "warm", against a guest that is played.
#include "engine_fixture.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class engine_warm : public test::engine_fixture {
  protected:
    json warm_point() const { return events_of("step_finished").at(1)["warm"]; }
    static constexpr const char* steps =
        R"({"boot": "shell"}, {"warm": true}, {"run": "true"}, {"poweroff": true})";
};

TEST_F(engine_warm, sets_a_guests_clock_and_stirs_its_random_numbers) {
    load(steps);
    boot();
    answers_ = {{""}, {""}, {"", 0, power_off()}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(warm_point()["how"], "saved");
    EXPECT_THAT(typed_, HasSubstr("date -s @1800000000 >/dev/null; echo abc >/dev/urandom"));
}

TEST_F(engine_warm, that_saved_nothing_leaves_the_guest_alone) {
    load(steps);
    boot();
    warm_how_ = warm_end::none;
    answers_ = {{""}, {"", 0, power_off()}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(warm_point()["how"], "none");
    EXPECT_THAT(typed_, Not(HasSubstr("date -s")));
}

TEST_F(engine_warm, saving_takes_no_time_from_the_steps) {
    load(R"({"boot": "shell"}, {"warm": true, "timeout": "10s"}, {"run": "work"})",
         R"("timeout": "30s")");
    boot();
    saving_time_ = 2min;
    answers_ = {{""}, {{}, 0, [this] { answer_after(20s); }}};
    EXPECT_EQ(play().outcome, run_outcome::passed) << events_of("verdict").at(0);
}

TEST_F(engine_warm, needs_no_shell) {
    load(R"({"boot": "login"}, {"warm": true}, {"expect": "never", "timeout": "1s"})");
    print("[    1.0] Run /sbin/init as init process\r\n\r\ndebian login: ");
    play();
    EXPECT_THAT(step_outcomes(),
                ElementsAre("boot login:passed", "warm:passed", "expect never:timed_out"));
}

TEST_F(engine_warm, whose_guest_does_not_wake_is_no_test_failure) {
    load(R"({"boot": "shell"}, {"warm": true, "timeout": "5s"}, {"run": "true"})");
    boot();
    warm_how_ = warm_end::restored;
    answers_ = {{"", 0, [] {}}};
    const auto verdict = play();
    EXPECT_EQ(verdict.outcome, run_outcome::infra_error);
    EXPECT_THAT(verdict.reason, HasSubstr("the guest did not go on from its warm point: no end "
                                          "within 5.00 s"));
}

}  // namespace
}  // namespace qh
