// The tiny guest in the real QEMU: faults that it has of its own.
#include <gmock/gmock.h>
#include <signal.h>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

class guest_fault : public guest_test {
  protected:
    guest_fault() { machine_arguments = {"--image", "tiny"}; }
};

TEST_F(guest_fault, a_cpu_that_qemu_refuses_is_an_infra_error_in_qemus_words) {
    const auto run = this->run(SCENARIOS "/smoke.json", {"--cpu", "rv64,v=true,vlen=100"});
    EXPECT_EQ(run.end.status, (exit_status{false, 6}));
    EXPECT_EQ(run.result["outcome"], "infra_error");
    EXPECT_THAT(run.end.output, HasSubstr("VLEN must be power of 2"));
}

TEST_F(guest_fault, a_panic_is_told_with_title_and_step_and_ends_the_run) {
    const auto run = this->run(scenario(
        {boot_step(), {{"name", "crash"}, {"run", "echo c >/proc/sysrq-trigger; sleep 100"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.output;
    EXPECT_EQ(run.result["outcome"], "panicked");
    EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr("step \"crash\""));
    EXPECT_EQ(run.result["failures"][0]["step"], "crash");
    EXPECT_THAT(dump(run.result["failures"]), HasSubstr("sysrq triggered crash"));
}

TEST_F(guest_fault, a_reboot_unasked_is_a_reset) {
    const auto run =
        this->run(scenario({boot_step(), {{"name", "again"}, {"run", "reboot -f; sleep 100"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.output;
    EXPECT_EQ(run.result["outcome"], "reset");
    EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr("step \"again\""));
}

TEST_F(guest_fault, a_guest_without_init_panics_during_the_boot) {
    const auto run =
        this->run(scenario({boot_step()}), {"--append", "rdinit=/no-such-init init=/no-such-init"});
    EXPECT_EQ(run.result["outcome"], "panicked") << run.end.output;
    EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr("step \"boot shell\""));
}

TEST_F(guest_fault, qharness_killed_in_mid_boot_leaves_no_qemu) {
    child_program program({QHARNESS_PROGRAM, "run", scenario({{{"boot", "kernel"}}, boot_step()}),
                           "--out", "runs", "--image", "tiny"},
                          folder());
    program.wait_for_errors("ok    boot kernel");
    program.signal(SIGKILL);
    program.finish();
    EXPECT_TRUE(wait_until_gone(recorded().event("machine_started")["pid"]));
}

}  // namespace
}  // namespace qh::integration
