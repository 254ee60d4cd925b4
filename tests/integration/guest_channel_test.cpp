// Commands on the tiny guest in the real QEMU: exact whatever the kernel prints meanwhile, on the
// console and on the second console alike.
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "harness_test.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

/// Some hundred kernel lines a second, until the guest ends.
json noise_step() {
    return {{"name", "noise"},
            {"run",
             "dmesg -n 8; echo on >/proc/sys/kernel/printk_devkmsg\n"
             "while :; do for i in 1 2 3 4; do echo 'noise [1] @@ of the kernel' >/dev/kmsg; done; "
             "usleep 40000; done >/dev/null 2>&1 &"}};
}

struct expected_result {
    std::string code;
    int status;
    std::string output;
};

/// A command of its own for each number; one line, no newline, many lines, one long line.
expected_result numbered_command(int i) {
    const int status = i % 256;
    const auto n = std::to_string(i);
    switch (i % 4) {
        case 0:
            return {fmt::format("echo one {0}; exit {1}", n, status), status, "one " + n + "\n"};
        case 1:
            return {fmt::format("printf 'cut {0}'; exit {1}", n, status), status, "cut " + n};
        case 2: {
            std::string lines;
            for (int line = i; line < i + 30; ++line) lines += fmt::format("{}\n", line);
            return {fmt::format("seq {} {}; exit {}", i, i + 29, status), status, lines};
        }
        default:
            return {fmt::format("printf '[%500s]\\n' {}; exit {}", n, status), status,
                    fmt::format("[{:>500}]\n", n)};
    }
}

class guest_channel : public guest_test, public testing::WithParamInterface<const char*> {
  protected:
    guest_channel() { machine_arguments = {"--image", "tiny"}; }

    recorded_run run_on_channel(const std::vector<json>& steps) const {
        return run(scenario(steps, {{"channel", GetParam()}}));
    }
};

TEST_P(guest_channel, a_thousand_statuses_and_outputs_are_exact_while_the_kernel_prints) {
    constexpr int commands = 1000;
    std::vector<json> steps = {boot_step(), noise_step()};
    for (int i = 0; i < commands; ++i) {
        const auto expected = numbered_command(i);
        steps.push_back({{"name", std::to_string(i)},
                         {"run", expected.code},
                         {"exit", expected.status},
                         {"timeout", "20s"}});
    }
    const auto run = run_on_channel(steps);
    EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output;
    EXPECT_EQ(!run.event("channel_out").is_null(), GetParam() == std::string("virtio"));
    ASSERT_EQ(run.result["steps"].size(), commands + 2u);
    for (int i = 0; i < commands; ++i) {
        const auto expected = numbered_command(i);
        const auto& step = run.result["steps"][static_cast<std::size_t>(i) + 2];
        ASSERT_EQ(step["exit"], expected.status) << step;
        ASSERT_EQ(step["output"], expected.output) << step;
    }
    const auto console = read_file(run.folder / "console.log");
    const auto lines = split_lines(console);
    // As many as the guest had time for: a quick host has the commands done sooner.
    EXPECT_GT(
        std::ranges::count_if(lines, [](auto line) { return line.find("noise") != line.npos; }),
        commands / 10);
}

TEST_P(guest_channel, commands_of_any_kind_leave_the_next_one_sound) {
    const std::string long_text(200'000, 'x');
    const auto run = run_on_channel(
        {boot_step(),
         {{"name", "long"},
          {"run", "x='" + long_text + "'; echo ${#x}"},
          {"match", "^200000$"},
          {"timeout", "2m"}},
         {{"name", "apart"},
          {"run", "cat; echo out; printf 'a\\r\\n\\0\\377' >&2; exit 9"},
          {"stderr", "apart"},
          {"exit", 9},
          {"match", "^out$"},
          {"match_stderr", "^a"}},
         {{"name", "no place"},
          {"run", "for d in /tmp /dev/shm /run; do mount -t tmpfs -o ro none $d; done"}},
         {{"name", "nowhere"}, {"run", "true"}, {"stderr", "apart"}, {"on_fail", "continue"}},
         {{"name", "chatty"}, {"run", "while :; do echo chat; usleep 50000; done &"}},
         {{"name", "meanwhile"}, {"run", "exit 77"}, {"exit", 77}},
         {{"name", "stubborn"},
          {"run", "trap '' INT QUIT; echo began; sleep 1000"},
          {"timeout", "3s"},
          {"on_fail", "continue"}},
         {{"name", "after"}, {"run", "echo well; exit 5"}, {"exit", 5}, {"match", "^well$"}},
         {{"send", "echo Z-$((2+2))<enter>"}},
         {{"expect", "Z-4"}},
         {{"name", "again"}, {"run", "exit 6"}, {"exit", 6}},
         {{"name", "suicide"}, {"run", "kill -9 $$"}, {"timeout", "3s"}, {"on_fail", "continue"}},
         {{"name", "reborn"}, {"run", "exit 7"}, {"exit", 7}},
         {{"poweroff", true}}});
    for (const auto* name : {"long", "apart", "meanwhile", "after", "again", "reborn", "poweroff"})
        EXPECT_EQ(run.step(name)["outcome"], "passed") << run.step(name);
    EXPECT_EQ(run.step("apart")["output"], "out\n");
    EXPECT_EQ(run.step("apart")["stderr"], "a\n\uFFFD");
    EXPECT_THAT(run.step("nowhere")["reason"].get<std::string>(),
                HasSubstr("none of $TMPDIR, /tmp, /dev/shm and /run can be written to"));
    EXPECT_EQ(run.step("stubborn")["outcome"], "timed_out");
    EXPECT_THAT(run.step("stubborn")["output"].get<std::string>(), HasSubstr("began"));
}

INSTANTIATE_TEST_SUITE_P(on, guest_channel, testing::Values("console", "virtio"),
                         [](const auto& info) { return std::string(info.param); });

/// A kernel that has no driver for the second console.
class guest_channel_missing : public guest_channel {
  protected:
    guest_channel_missing() {
        machine_arguments.insert(machine_arguments.end(),
                                 {"--append", "initcall_blacklist=virtio_console_init"});
    }
};

TEST_P(guest_channel_missing, is_an_error_only_where_it_was_asked_for) {
    const auto run = run_on_channel({boot_step(), {{"run", "exit 3"}, {"exit", 3}}});
    if (GetParam() == std::string("auto")) {
        EXPECT_EQ(run.result["outcome"], "passed") << run.end.output;
        return;
    }
    EXPECT_EQ(run.end.status, (exit_status{false, 6})) << run.end.output;
    EXPECT_THAT(run.result["reason"].get<std::string>(),
                HasSubstr("no second console to run commands on"));
}

INSTANTIATE_TEST_SUITE_P(on, guest_channel_missing, testing::Values("auto", "virtio"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace qh::integration
