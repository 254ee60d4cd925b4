// The shipped scenarios that need no more than the tiny guest, in the real QEMU.
#include <gmock/gmock.h>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

class guest_scenarios : public guest_test {
  protected:
    static void expect_all_passed(const recorded_run& run) {
        EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output << run.end.errors;
        EXPECT_EQ(run.result["outcome"], "passed");
    }
};

TEST_F(guest_scenarios, boot_basic_passes_with_nothing_skipped) {
    const auto run = this->run(SCENARIOS "/boot_basic.json");
    expect_all_passed(run);
    for (const auto& step : run.result["steps"])
        EXPECT_EQ(step["outcome"], "passed") << step["name"];
    EXPECT_EQ(run.result["measurements"][0]["name"], "uptime_at_shell");
}

TEST_F(guest_scenarios, boot_basic_sees_another_console_and_too_little_memory) {
    const auto run = this->run(SCENARIOS "/boot_basic.json",
                               {"--set", "console=ttyS1", "--set", "min_available_percent=101"});
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.output << run.end.errors;
    EXPECT_THAT(run.step("command line")["reason"].get<std::string>(), HasSubstr("console=ttyS1"));
    EXPECT_THAT(run.step("console")["output"].get<std::string>(),
                HasSubstr("consoles are 'ttyS0', expected ttyS1"));
    EXPECT_THAT(run.step("memory")["reason"].get<std::string>(), HasSubstr("available_percent"));
    EXPECT_EQ(run.step("clock")["outcome"], "passed");
}

TEST_F(guest_scenarios, stress_verifies_every_worker_and_finds_the_memory_again) {
    const auto run = this->run(
        SCENARIOS "/stress.json",
        {"--set", "duration=4", "--set", "memory_percent=4", "--set", "min_busy_percent=1"});
    expect_all_passed(run);
    const auto results = run.step("load")["results"];
    EXPECT_EQ(results.size(), 8u * 2 + 2) << results;
    for (const auto& result : results) EXPECT_EQ(result["outcome"], "passed") << result;
    EXPECT_EQ(run.step("stress-ng")["outcome"], "skipped");
    EXPECT_THAT(run.step("stress-ng")["reason"].get<std::string>(), HasSubstr("no stress-ng"));
}

TEST_F(guest_scenarios, boot_firmware_goes_through_the_menu_of_u_boot) {
    const auto run = this->run(SCENARIOS "/boot_firmware.json", {"--set", "firmware=u-boot"});
    expect_all_passed(run);
    EXPECT_EQ(run.step("u-boot / choice")["outcome"], "passed");
    EXPECT_THAT(run.step("entry")["output"].get<std::string>(), HasSubstr("loglevel=8"));
}

TEST_F(guest_scenarios, boot_firmware_goes_through_the_menu_of_uefi) {
    const auto run = this->run(SCENARIOS "/boot_firmware.json", {"--set", "firmware=uefi"});
    expect_all_passed(run);
    EXPECT_EQ(run.step("uefi / choice")["outcome"], "passed");
    EXPECT_EQ(run.step("started by")["output"], "uefi\n");
}

}  // namespace
}  // namespace qh::integration
