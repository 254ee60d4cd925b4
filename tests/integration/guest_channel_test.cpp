// Commands on the tiny guest in the real QEMU: exact whatever the kernel prints meanwhile, on the
// console and on the second console alike.
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "harness_test.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

/// Kernel lines, every few milliseconds, until the guest ends.
json noise_step() {
    return {{"name", "noise"},
            {"run",
             "dmesg -n 8; echo on >/proc/sys/kernel/printk_devkmsg\n"
             "while :; do echo 'noise [1] @@ of the kernel' >/dev/kmsg; usleep 5000; done "
             ">/dev/null 2>&1 &"}};
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

    static bool used_second_console(const recorded_run& run) {
        return !run.event("channel_out").is_null();
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
    EXPECT_EQ(used_second_console(run), GetParam() == std::string("virtio"));
    ASSERT_EQ(run.result["steps"].size(), commands + 2u);
    for (int i = 0; i < commands; ++i) {
        const auto expected = numbered_command(i);
        const auto& step = run.result["steps"][static_cast<std::size_t>(i) + 2];
        ASSERT_EQ(step["exit"], expected.status) << step;
        ASSERT_EQ(step["output"], expected.output) << step;
    }
    const auto console = read_file(run.folder / "console.log");
    const auto lines = split_lines(console);
    EXPECT_GT(
        std::ranges::count_if(lines, [](auto line) { return line.find("noise") != line.npos; }),
        commands);
}

INSTANTIATE_TEST_SUITE_P(on, guest_channel, testing::Values("console", "virtio"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace qh::integration
