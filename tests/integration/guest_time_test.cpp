// How a step ends whose time is over: what the guest was doing decides.
#include <gmock/gmock.h>
#include <signal.h>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

class guest_time : public guest_test {
  protected:
    guest_time() { machine_arguments = {"--image", "tiny"}; }
};

TEST_F(guest_time, a_boot_that_idles_is_called_hung_long_before_its_timeout) {
    const auto run = this->run(scenario(
        {{{"name", "boot"}, {"boot", "login"}, {"timeout", "4m"}, {"idle_timeout", "3s"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.errors;
    EXPECT_EQ(run.result["outcome"], "hung");
    EXPECT_THAT(run.result["reason"].get<std::string>(),
                HasSubstr("the boot got as far as \"init\": the guest was silent and idle for 3.00 "
                          "s; nothing more was to come (idle_timeout)"));
    EXPECT_EQ(run.step("boot")["outcome"], "timed_out");
}

TEST_F(guest_time, a_guest_that_spins_is_timed_out_and_computing) {
    const auto run = this->run(scenario({boot_step(),
                                         {{"name", "spin"},
                                          {"run", "while :; do :; done"},
                                          {"timeout", "6s"},
                                          {"idle_timeout", "3s"}}}));
    EXPECT_EQ(run.result["outcome"], "timed_out") << run.end.errors;
    EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr("but computing"));
}

TEST_F(guest_time, a_guest_that_sleeps_to_the_end_is_hung) {
    const auto run = this->run(
        scenario({boot_step(), {{"name", "sleep"}, {"run", "sleep 1000"}, {"timeout", "6s"}}}));
    EXPECT_EQ(run.result["outcome"], "hung") << run.end.errors;
    EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr("s and idle"));
    EXPECT_GE(run.result["cost"]["host_delay_s"].get<double>(), 0);
}

TEST_F(guest_time, a_stopped_qemu_is_an_infra_error) {
    const auto file =
        scenario({boot_step(), {{"name", "sleep"}, {"run", "sleep 1000"}, {"timeout", "3s"}}});
    child_program program({QHARNESS_PROGRAM, "run", file, "--out", "runs", "--image", "tiny"},
                          folder());
    program.wait_for_errors("ok    boot shell");
    const int qemu = recorded().event("machine_started")["pid"];
    ::kill(qemu, SIGSTOP);
    EXPECT_EQ(program.finish().status, (exit_status{false, 6}));
    const auto run = recorded();
    EXPECT_EQ(run.result["outcome"], "infra_error");
    EXPECT_THAT(run.result["reason"].get<std::string>(),
                HasSubstr("step \"sleep\": no end within 3.00 s"));
    EXPECT_THAT(run.result["reason"].get<std::string>(),
                HasSubstr("QEMU's process is stopped (SIGSTOP)"));
    EXPECT_TRUE(wait_until_gone(qemu));
}

}  // namespace
}  // namespace qh::integration
