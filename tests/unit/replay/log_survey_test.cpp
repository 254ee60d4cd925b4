#include "replay/log_survey.hpp"

#include <gmock/gmock.h>

#include "support/splits.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const console_patterns& patterns() {
    static const auto all = log_patterns(json());
    return all;
}

log_findings survey(const test::chunks& pieces) {
    log_survey heard(patterns());
    for (const auto& piece : pieces) heard.hear({piece, std::nullopt});
    heard.finish();
    return heard.findings();
}

std::vector<std::string> timeline(const log_findings& found) {
    std::vector<std::string> texts;
    for (const auto& one : found.timeline)
        texts.push_back(
            fmt::format("{} {} {}", one.kind, one.title, one.kernel_seconds.value_or(-1)));
    return texts;
}

constexpr const char* board_log =
    "U-Boot 2024.01 (Jan 01 2024)\r\n"
    "[    0.000000] Linux version 6.6.1 (a@b) #1 SMP\r\n"
    "[    0.000000] Machine model: StarFive VisionFive 2\r\n"
    "[    0.000000] riscv: base ISA extensions acdfim\r\n"
    "[    0.010000] Memory: 3900000K/4194304K available (10706K kernel code)\r\n"
    "[    0.200000] smp: Brought up 1 node, 4 CPUs\r\n"
    "[    1.500000] Run /sbin/init as init process\r\n"
    "Welcome to Debian\r\n"
    "debian login: root\r\n"
    "root@debian:~# grep isa /proc/cpuinfo\r\n"
    "isa\t\t: rv64imafdc_zba\r\n"
    "[   20.000000] reboot: Power down\r\n";

TEST(log_survey_test, tells_how_far_the_boot_came_and_on_what_machine) {
    for (const auto& pieces : test::all_splits(board_log)) {
        const auto found = survey(pieces);
        EXPECT_THAT(
            timeline(found),
            ElementsAre("u-boot 2024.01 -1", "kernel 6.6.1 0", "init /sbin/init 1.5", "init  -1",
                        "login debian -1", "shell root@debian:~# -1", "shutdown Power down 20"));
        EXPECT_THAT(found.facts,
                    UnorderedElementsAre(
                        Pair("kernel", "6.6.1"), Pair("machine", "StarFive VisionFive 2"),
                        Pair("isa of the kernel", "acdfim"), Pair("isa", "rv64imafdc_zba"),
                        Pair("memory", "3900000K/4194304K available"), Pair("harts", "4")));
        EXPECT_THAT(found.failures, IsEmpty());
    }
}

TEST(log_survey_test, reads_a_kernel_without_time_stamps) {
    std::string log = board_log;
    for (auto at = log.find("[  "); at != std::string::npos; at = log.find("[  "))
        log.erase(at, 15);
    const auto found = survey({log});
    EXPECT_EQ(found.facts.at("harts"), "4");
    EXPECT_EQ(found.timeline.size(), 7u);
}

TEST(log_survey_test, keeps_a_failure_with_its_trace_and_time) {
    const auto found = survey(
        {"[    1.000000] Kernel panic - not syncing: out of luck\n[    1.100000] Call Trace:\n"
         "[    1.200000] ---[ end Kernel panic - not syncing: out of luck ]---\n"});
    ASSERT_EQ(found.failures.size(), 1u);
    EXPECT_EQ(found.fatal(), &found.failures[0]);
    EXPECT_EQ(found.failures[0].kernel_seconds, 1.0);
    EXPECT_EQ(found.failures[0].trace.size(), 3u);
}

TEST(log_survey_test, keeps_no_more_than_some_hundred_failures) {
    std::string log;
    for (int i = 0; i < 5000; ++i)
        log += fmt::format(
            "[{:5}.000000] BUG: Bad page state in process p{}\n[{:5}.000001] ---[ end trace ]---\n",
            i, i, i);
    const auto found = survey({log});
    EXPECT_EQ(found.failures.size(), 200u);
    EXPECT_EQ(found.failures_left_out, 4800u);
}

TEST(log_survey_test, takes_no_text_for_a_prompt) {
    for (const char* line : {"# a comment", "price: 5 $ each", "/usr/bin/x: a # b c",
                             "a line # of words", "[    0.000000] # x"})
        EXPECT_THAT(timeline(survey({std::string(line) + "\n"})), IsEmpty()) << line;
    for (const char* line : {"~ # ls", "/ # ", "root@box:/tmp$ ", "[user@fedora ~]$ x", "box:~# id",
                             "bash-5.2# ", "\x1b[6n~ # "})
        EXPECT_EQ(timeline(survey({line})).size(), 1u) << line;
}

}  // namespace
}  // namespace qh
