// The tiny guest in the real QEMU: scenarios that pass.
#include <gmock/gmock.h>
#include <signal.h>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

class guest : public guest_test {
  protected:
    guest() { machine_arguments = {"--image", "tiny"}; }

    static void expect_passed(const recorded_run& run) {
        EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output << run.end.errors;
        EXPECT_EQ(run.result["outcome"], "passed");
    }
};

TEST_F(guest, smoke_passes_and_leaves_a_whole_record) {
    const auto run = this->run(SCENARIOS "/smoke.json");
    expect_passed(run);
    EXPECT_EQ(run.result["captures"]["arch"], "riscv64");
    EXPECT_EQ(run.result["measurements"][0]["value"], 4096);
    EXPECT_THAT(read_file(run.folder / "console.log"), HasSubstr("Linux version"));
    EXPECT_EQ(run.journal.back()["type"], "run_finished");
    for (const auto* cost : {"harness_cpu_s", "qemu_cpu_s", "wall_s"})
        EXPECT_GT(run.result["cost"][cost].get<double>(), 0) << cost;
}

TEST_F(guest, has_the_harts_that_were_asked_for) {
    expect_passed(run(scenario({boot_step(),
                                {{"facts", true}, {"check", {"guest.harts == 4"}}},
                                {{"run", "nproc"}, {"match", "^4$"}},
                                {{"poweroff", true}}}),
                      {"--smp", "4"}));
}

TEST_F(guest, a_step_that_never_ends_leaves_the_shell_to_the_next_one) {
    const auto run = this->run(scenario(
        {boot_step(),
         {{"name", "endless"},
          {"run", "while :; do :; done"},
          {"timeout", "3s"},
          {"on_fail", "continue"}},
         {{"name", "asleep"}, {"run", "sleep 1000"}, {"timeout", "3s"}, {"on_fail", "continue"}},
         {{"name", "after"}, {"run", "echo well; exit 5"}, {"exit", 5}, {"match", "^well$"}},
         {{"poweroff", true}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.output;
    EXPECT_EQ(run.step("endless")["outcome"], "timed_out");
    EXPECT_EQ(run.step("asleep")["outcome"], "timed_out");
    EXPECT_EQ(run.step("after")["outcome"], "passed") << run.step("after");
    EXPECT_EQ(run.step("poweroff")["outcome"], "passed");
}

TEST_F(guest, ten_thousand_lines_arrive_exactly) {
    std::string lines;
    for (int i = 1; i <= 10000; ++i) lines += fmt::format("line {}\n", i);
    const auto run = this->run(
        scenario({boot_step(), {{"run", "seq 1 10000 | sed 's/^/line /'"}}, {{"poweroff", true}}},
                 {{"channel", "console"}}));
    expect_passed(run);
    EXPECT_THAT(read_file(run.folder / "console.log"), HasSubstr(":B\n" + lines + "\n@@"));
}

TEST_F(guest, kernel_messages_in_the_middle_change_no_status_and_no_output) {
    std::vector<json> steps = {
        boot_step(),
        {{"name", "noise"},
         {"run", "dmesg -n 8; while :; do echo x >/dev/kmsg; done >/dev/null 2>&1 &"}}};
    for (int i = 1; i <= 50; ++i)
        steps.push_back({{"name", fmt::format("step {}", i)},
                         {"run", fmt::format("seq {} {}; exit {}", i, i + 20, i)},
                         {"exit", i}});
    const auto run = this->run(scenario(steps));
    expect_passed(run);
    for (int i = 1; i <= 50; ++i) {
        std::string expected;
        for (int line = i; line <= i + 20; ++line) expected += fmt::format("{}\n", line);
        EXPECT_EQ(run.step(fmt::format("step {}", i))["output"], expected);
    }
}

TEST_F(guest, the_recorded_script_boots_the_same_guest_by_hand) {
    const auto run = this->run(scenario({{{"boot", "kernel"}}}));
    expect_passed(run);
    child_program by_hand({"/bin/sh", (run.folder / "qemu.sh").string()}, folder());
    by_hand.wait_for_output("# ");
    by_hand.type("echo by-hand-$((40 + 2))\r");
    by_hand.wait_for_output("by-hand-42");
    by_hand.type("poweroff\r");
    EXPECT_EQ(by_hand.finish().status, (exit_status{false, 0}));
}

}  // namespace
}  // namespace qh::integration
