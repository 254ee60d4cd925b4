// Steps without an engine: what each remembers, and how it ends.
#include "run/steps/running_step.hpp"

#include <gmock/gmock.h>

#include "scenario/load.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class running_steps_test : public test::in_temporary_folder, protected machine_port {
  protected:
    /// The scenario's last step, begun on a guest of which nothing is known.
    running_step& begin(const std::string& step) {
        scenario_ = load_scenario(write("s.json", R"({"name": "s", "steps": [)" + step + "]}"), {});
        guest_.emplace(
            scenario_, [] { return "word"; }, guest_rules(), static_cast<machine_port&>(*this));
        guest_->now = time_point(1h);
        step_ = make_running(scenario_.steps.back());
        step_->begin(*guest_);
        return *step_;
    }

    guest& on() { return *guest_; }
    bool goes_on() { return !step_->advance(on()); }
    step_end out_of_time() { return step_->out_of_time(run_outcome::hung, "no end", on()); }

    bool warm_point_wanted_ = false;

  private:
    void send_console(std::string_view) override {}
    void send_channel(std::string_view) override {}
    void stop() override {}
    void save_warm_point() override { warm_point_wanted_ = true; }
    std::string keep_file(const std::string&, std::string_view) override { return {}; }

    scenario scenario_;
    std::optional<guest> guest_;
    std::unique_ptr<running_step> step_;
};

TEST_F(running_steps_test, a_boot_that_is_out_of_time_says_how_far_it_got) {
    begin(R"({"boot": "login"})");
    on().boot.on_milestone("init");
    EXPECT_TRUE(goes_on());
    const auto end = out_of_time();
    EXPECT_EQ(end.outcome, step_outcome::timed_out);
    EXPECT_EQ(end.reason, "the boot got as far as \"init\": no end");
}

TEST_F(running_steps_test, a_reboot_asks_for_one_reset) {
    auto& reboot = begin(R"({"reboot": "kernel"})");
    EXPECT_EQ(out_of_time().reason, "the guest did not reset: no end");
    EXPECT_TRUE(reboot.on_reset());
    EXPECT_FALSE(reboot.on_reset()) << "the second is unasked";
    EXPECT_TRUE(goes_on());
    on().boot.on_milestone("kernel");
    EXPECT_FALSE(goes_on());
}

TEST_F(running_steps_test, other_steps_ask_for_none) {
    EXPECT_FALSE(begin(R"({"boot": "shell"})").on_reset());
}

TEST_F(running_steps_test, an_expect_ends_as_its_pattern_says) {
    auto& expect = begin(R"js({"expect": {"pass": "yes (?P<what>\\w+)", "fail": "no"}})js");
    EXPECT_TRUE(goes_on());
    expectation::match match;
    match.pattern = 1;
    match.line = "yes sir";
    match.groups = {{"what", "sir"}};
    EXPECT_EQ(expect.on_match(match, on())->outcome, step_outcome::passed);
    EXPECT_EQ(on().values.lookup("what"), "sir");
    match.pattern = 0;
    EXPECT_EQ(expect.on_match(match, on())->run, run_outcome::failed);
}

TEST_F(running_steps_test, a_warm_point_halts_the_guest_until_it_is_told) {
    auto& warm = begin(R"({"boot": "shell"}, {"warm": true})");
    EXPECT_TRUE(warm_point_wanted_);
    EXPECT_EQ(warm.halted_since(), on().now);
    EXPECT_TRUE(goes_on());
    warm.on_warm_point({warm_end::none, "not wanted", 0, ""}, on());
    EXPECT_FALSE(warm.halted_since());
    EXPECT_FALSE(goes_on());
    EXPECT_EQ(out_of_time().run, run_outcome::infra_error);
}

TEST_F(running_steps_test, a_wait_ends_by_the_guests_time) {
    auto& wait = begin(R"({"wait": "5s"})");
    EXPECT_EQ(wait.deadline(on()), on().now + 5s);
    on().now += 4999ms;
    EXPECT_TRUE(goes_on());
    on().now += 1ms;
    EXPECT_FALSE(goes_on());
}

}  // namespace
}  // namespace qh
