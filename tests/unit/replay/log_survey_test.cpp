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
            ElementsAre("u-boot 2024.01 -1", "kernel 6.6.1 0", "init /sbin/init 1.5",
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
    EXPECT_EQ(found.timeline.size(), 6u);
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

constexpr const char* boot =
    "[    0.000000] Linux version 6.6.1 (a@b) #1 SMP\r\n"
    "[    1.500000] Run /sbin/init as init process\r\n";

std::vector<std::string> kinds(const log_findings& found) {
    std::vector<std::string> texts;
    for (const auto& one : found.failures)
        texts.push_back(one.what.kind + (one.what.fatal ? "!" : "") + " " + one.what.title);
    return texts;
}

bool tells_shell(const std::string& log) {
    return std::ranges::any_of(survey({log}).timeline,
                               [](const auto& one) { return one.kind == "shell"; });
}

TEST(log_survey_test, takes_no_text_for_a_prompt) {
    for (const char* line : {"# a comment\n", "price: 5 $ each\n", "/usr/bin/x: a # b c\n",
                             "a line # of words\n", "[    0.000000] # x\n", "fsck 45.2%",
                             "Loading: ####", "TAP version 13\n1..1\n# selftests: a\nok 1 a\n"})
        EXPECT_FALSE(tells_shell(std::string(boot) + line)) << line;
    EXPECT_FALSE(tells_shell(std::string("ci@host:~$ qemu\r\n") + boot));
    EXPECT_FALSE(tells_shell(std::string("ci@host:~$ qemu\r\n") + boot + "ci@host:~$ "));
    for (const char* line :
         {"~ # ls\r\n", "/ # ", "root@box:/tmp$ ", "[user@fedora ~]$ x\r\n", "box:~# id\r\n",
          "bash-5.2# ", "\x1b[6n~ # ", "# ", "\x1b[01;31mlocalhost\x1b[01;34m ~ #\x1b[00m ",
          "\x1b[?2004h\x1b]0;u@h: ~\x07\x1b[01;32mu@h\x1b[00m:\x1b[01;34m~\x1b[00m$ "})
        EXPECT_TRUE(tells_shell(std::string(boot) + line)) << line;
}

TEST(log_survey_test, shows_a_prompt_without_its_escapes) {
    const auto found = survey({std::string(boot) + "\x1b[?2004hroot@host:~# "});
    EXPECT_EQ(found.timeline.back().title, "root@host:~#");
}

TEST(log_survey_test, tells_a_last_login_from_a_login_prompt) {
    const auto asks = [](const std::string& line) {
        return std::ranges::any_of(survey({boot + line}).timeline,
                                   [](const auto& one) { return one.kind == "login"; });
    };
    for (const char* line :
         {"debian login: ", "(none) login: root\r\n", "box login: [    5.000000] x\r\n"})
        EXPECT_TRUE(asks(line)) << line;
    EXPECT_FALSE(asks("Last login: Tue Mar  5 10:11:12 UTC 2024 on ttyS0\r\n"));
}

TEST(log_survey_test, tells_rescue_shells_as_failures_with_what_led_to_them) {
    const struct {
        const char *end, *kind, *title;
    } cases[] = {
        {"Warning: /dev/vda1 does not exist\r\n\r\nEntering emergency mode. Exit the shell to "
         "continue.\r\ndracut:/# ",
         "no-root!", "/dev/vda1 does not exist"},
        {"[   90.000000] dracut-initqueue[310]: Warning: /dev/vda1 does not exist\r\n", "no-root!",
         "/dev/vda1 does not exist"},
        {"ALERT!  UUID=ab-cd does not exist.  Dropping to a shell!\r\n(initramfs) ", "no-root!",
         "UUID=ab-cd does not exist"},
        {"ERROR: device '/dev/sda2' not found. Skipping fsck.\r\n[rootfs ]# ", "no-root!",
         "/dev/sda2 does not exist"},
        {"run-init: can't execute '/sbin/init': No such file or directory\r\n(initramfs) ",
         "no-init!", "can't execute '/sbin/init': No such file or directory"},
        {"[DEPEND] Dependency failed for \x1b[0;1;39mlocal-fs.target\x1b[0m - Local File "
         "Systems.\r\n",
         "emergency!", "Dependency failed for Local File Systems"},
        {"Press Enter for maintenance\r\n(or press Control-D to continue): ", "emergency!",
         "Press Enter for maintenance"},
        {"(initramfs) ", "emergency!",
         "the boot ended at \"(initramfs)\", which is no prompt of the guest's shell"},
    };
    for (const auto& c : cases) {
        const auto found = survey({std::string(boot) + c.end});
        ASSERT_FALSE(found.failures.empty()) << c.end;
        EXPECT_EQ(kinds(found)[0], std::string(c.kind) + " " + c.title);
        EXPECT_FALSE(tells_shell(std::string(boot) + c.end)) << c.end;
    }
    EXPECT_THAT(kinds(survey({"U-Boot 2024.01 (Jan 01 2024)\r\nHit any key\r\n=> "})),
                ElementsAre(testing::StartsWith("image! ")));
    EXPECT_THAT(kinds(survey({std::string("U-Boot 2024.01\r\n=> \r\n=> boot\r\n") + boot})),
                IsEmpty());
}

TEST(log_survey_test, takes_what_a_command_prints_for_no_message_of_this_boot) {
    for (const char* session :
         {"root@box:~# cat /sys/fs/pstore/dmesg-ramoops-0\r\nPanic#1 Part1\r\n"
          "<0>[   55.200000] Kernel panic - not syncing: old\r\n",
          "root@box:~# grep -r panic /var/log\r\n"
          "/var/log/a:Jun 10 11:00:01 box kernel: [   55.200000] Kernel panic - not syncing: "
          "old\r\n",
          "root@box:~# cat /var/log/kern.log\r\n"
          "Jun 10 11:00:01 box kernel: [   55.200000] Kernel panic - not syncing: old\r\n",
          "root@box:~# cat /sys/fs/pstore/console-ramoops-0\r\n"
          "[   55.200000] Kernel panic - not syncing: old\r\nroot@box:~# ls\r\n"})
        EXPECT_THAT(kinds(survey({std::string(boot) + session + "root@box:~# "})), IsEmpty())
            << session;
}

TEST(log_survey_test, believes_a_panic_in_the_midst_of_a_commands_output) {
    const std::string crash = std::string(boot) +
                              "root@box:~# ./test\r\nok 1\r\n"
                              "[   55.200000] Kernel panic - not syncing: new\r\n";
    EXPECT_THAT(kinds(survey({crash})), ElementsAre("panic! Kernel panic - not syncing: new"));
    EXPECT_THAT(
        kinds(survey({crash + "OpenSBI v1.5\r\n" + boot + "root@box:~# ls\r\nroot@box:~# "})),
        testing::Contains("panic! Kernel panic - not syncing: new"));
    EXPECT_THAT(kinds(survey({std::string(boot) + "root@box:~# [    9.000000] Kernel panic - not "
                                                  "syncing: new\r\n"})),
                ElementsAre("panic! Kernel panic - not syncing: new"));
}

TEST(log_survey_test, says_where_a_console_went_that_tells_nothing_more) {
    const std::string moved = std::string(boot) +
                              "[    1.600000] printk: console [tty0] enabled\r\n"
                              "[    1.700000] printk: bootconsole [sbi0] disabled\r\n";
    const auto found = survey({moved});
    ASSERT_EQ(found.failures.size(), 1u);
    EXPECT_EQ(found.failures[0].what.kind, "console");
    EXPECT_THAT(found.failures[0].what.title, testing::HasSubstr("went to tty0"));
    for (const char* more :
         {"[    1.800000] printk: console [ttyS0] enabled\r\n",
          "[    1.800000] and here it goes on: the screen is only one console of two\r\n"})
        EXPECT_THAT(kinds(survey({moved + more})), IsEmpty()) << more;
}

TEST(log_survey_test, tells_the_verdict_of_the_logs_own_tool) {
    log_survey heard(patterns());
    heard.finish();
    heard.hear(log_remark{"LAVA's job: fail", true, 3.0});
    EXPECT_THAT(kinds(heard.findings()), ElementsAre("lava! LAVA's job: fail"));
}

}  // namespace
}  // namespace qh
