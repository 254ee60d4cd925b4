#include "console/failure_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shipped_watch.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

std::optional<failure> first_failure(const console_patterns& patterns, const std::string& line) {
    failure_watch watch(patterns);
    const auto events = told(watch, {line.c_str()});
    if (events.empty()) return std::nullopt;
    return std::get<failure>(events.front());
}

constexpr const char* kernel_with_stamps = "[    0.000000] Linux version 6.12.0";

TEST(failure_watch, knows_each_kind_of_failure) {
    const struct {
        const char* line;
        const char* kind;
        bool fatal;
    } cases[] = {
        {"Kernel panic - not syncing: sysrq triggered crash", "panic", true},
        {"Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000004", "init-killed",
         true},
        {"Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
         "no-root", true},
        {"Kernel panic - not syncing: No working init found.  Try passing init= option", "no-init",
         true},
        {"Kernel panic - not syncing: System is deadlocked on memory", "out-of-memory", true},
        {"Oops [#1]", "oops", true},
        {"Oops - illegal instruction [#1]", "oops", true},
        {"Oops - load access fault [#2]", "oops", true},
        {"Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000",
         "oops", true},
        {"Kernel BUG [#1]", "bug", true},
        {"kernel BUG at mm/slub.c:4000!", "bug", true},
        {"BUG: KASAN: slab-out-of-bounds in f+0x1a/0x40", "sanitizer", true},
        {"BUG: unable to handle page fault for address: ff", "bug", true},
        {"Oops - store (or AMO) address misaligned [#1]", "oops", true},
        {"Oops - environment call from S-mode [#1]", "oops", true},
        {"Oops: general protection fault, maybe for address 0x1: 0000 [#1] SMP", "oops", true},
        {"general protection fault: 0000 [#1] PREEMPT SMP KASAN", "oops", true},
        {"divide error: 0000 [#3] SMP", "oops", true},
        {"Internal error: Oops - undefined instruction: 0 [#1] SMP ARM", "oops", true},
        {"Internal error: synchronous external abort: 0000000096000010 [#1] SMP", "oops", true},
        {"SError Interrupt on CPU1, code 0x00000000bf000002 -- SError", "oops", true},
        {"PANIC: double fault, error_code: 0x0", "stack-overflow", true},
        {"watchdog: Watchdog detected hard LOCKUP on cpu 1", "lockup", true},
        {"watchdog: CPU1: Watchdog detected hard LOCKUP on cpu 0", "lockup", true},
        {"NMI watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [cc1:7]", "lockup", true},
        {"watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [python3:123]", "lockup", true},
        {"BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 34s!", "lockup",
         true},
        {"rcu: INFO: rcu_sched self-detected stall on CPU", "stall", false},
        {"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", "stall", false},
        {"INFO: task python3:123 blocked for more than 120 seconds.", "stall", false},
        {"INFO: task a b:123 blocked in I/O wait for more than 143 seconds.", "stall", false},
        {"INFO: rcu_tasks detected stalls on tasks:", "stall", false},
        {"WARNING: possible recursive locking detected", "locking", false},
        {"WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected", "locking", false},
        {"WARNING: lock held when returning to user space!", "locking", false},
        {"WARNING: sh/7 still has locks held!", "locking", false},
        {"WARNING: Nested lock was not taken", "locking", false},
        {"WARNING: held lock freed!", "locking", false},
        {"WARNING: suspicious RCU usage", "locking", false},
        {"[ BUG: Invalid wait context ]", "locking", false},
        {"[ INFO: possible circular locking dependency detected ]", "locking", false},
        {"INFO: trying to register non-static key.", "locking", false},
        {"VFS: Cannot open root device \"vda2\" or unknown-block(0,0): error -6", "no-root", false},
        {"Failed to execute /init (error -8)", "no-init", false},
        {"systemd[1]: Freezing execution.", "init-killed", true},
        {"INIT: no more processes left in this runlevel", "init-killed", true},
        {"INIT: Id \"S1\" respawning too fast: disabled for 5 minutes", "service", false},
        {"systemd[1]: getty@tty1.service: Start request repeated too quickly.", "service", false},
        {"Insufficient stack space to handle exception!", "stack-overflow", true},
        {"Initramfs unpacking failed: junk within compressed archive", "image", false},
        {"rootfs image is not initramfs (no cpio magic); looks like an initrd", "image", false},
        {"python3 invoked oom-killer: gfp_mask=0x140cca, order=0, oom_score_adj=0", "out-of-memory",
         false},
        {"Out of memory: Killed process 123 (python3) total-vm:1000kB", "out-of-memory", false},
        {"vtest[129]: unhandled signal 4 code 0x1 at 0x00000000000111ca in vtest[1ca,11000+1000]",
         "signal", false},
        {"two words[129]: unhandled signal 4 code 0x1 at 0x00000000000111ca", "signal", false},
        {"two words invoked oom-killer: gfp_mask=0x140cca, order=0", "out-of-memory", false},
        {"two words: page allocation failure: order:4", "out-of-memory", false},
        {"WARNING: CPU: 0 PID: 1 at kernel/x.c:1 f+0x1/0x2", "warning", false},
        {"WARNING: kernel/x.c:1 at f+0x1/0x2, CPU#0: sh/7", "warning", false},
        {"WARNING: at f+0x1/0x2, CPU#0: sh/7", "warning", false},
        {"WARNING: at kernel/x.c:12 f+0x1/0x2()", "warning", false},
    };
    for (const auto& c : cases)
        for (const char* stamp : {"", "[   12.345678] ", "[    0.000000][    T1] ",
                                  "[   12.345678][  C10] ", "/ # [   12.345678] "}) {
            const auto found = first_failure(shipped(), std::string(stamp) + c.line);
            ASSERT_TRUE(found) << stamp << c.line;
            EXPECT_EQ(found->kind, c.kind) << c.line;
            EXPECT_EQ(found->fatal, c.fatal) << c.line;
            EXPECT_EQ(found->line, std::string(stamp) + c.line);
        }
}

TEST(failure_watch, passes_over_what_is_no_failure) {
    for (const char* line :
         {"",
          "login:",
          "[   12.345678] usb 1-1: new device",
          "echo Kernel panic - not syncing: x",
          "grep: 'Oops [#1]': no such file",
          "\"BUG: quoted\"",
          "test.log:12:Kernel panic - not syncing",
          "~ # dmesg | grep 'kernel BUG at '",
          "ok 1 - no BUG: here",
          "[   12.345678] EXT4-fs (vda): warning: mounting fs with errors",
          "[   12.345678] INFO: lockdep is turned off.",
          "[   12.345678] WARNING: See https://docs.kernel.org/x at y",
          "[   12.345678] audit: text=\"Kernel panic - not syncing\"",
          "WARNING: can't convert GPIO names, 'lid' won't be sampled at runtime!",
          "WARNING: no clock at all",
          "merged pull request [#12]",
          "bounds of the array [#1]x",
          "[12] Kernel panic - not syncing",
          "vtest[129]: unhandled signal 5 code 0x1",
          "Oops! something",
          "\xff\xfe binary"})
        EXPECT_FALSE(first_failure(shipped(), line)) << line;
}

TEST(failure_watch, takes_a_hostile_line_harmlessly) {
    const auto found = first_failure(shipped(), "[    1.000000] BUG: \x1b[2J\xff");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->line, "[    1.000000] BUG: \\x1b[2J\\xff");
    EXPECT_EQ(found->title, "BUG: \\x1b[2J\\xff");
}

TEST(failure_watch, hears_the_kernel_only_behind_its_time_stamps_where_it_prints_those) {
    EXPECT_THAT(failures_in({"Linux version 6.12.0", "Kernel panic - not syncing: real"}),
                testing::ElementsAre("panic: Kernel panic - not syncing: real"));
    EXPECT_THAT(failures_in({kernel_with_stamps, "Kernel panic - not syncing: said by a test"}),
                testing::IsEmpty());
    EXPECT_THAT(
        failures_in({kernel_with_stamps, "[    3.000000] Kernel panic - not syncing: real"}),
        testing::ElementsAre("panic: Kernel panic - not syncing: real"));
}

TEST(failure_watch, hears_a_repeated_line_once) {
    const char* const one = "[    1.000000] v[7]: unhandled signal 4 code 0x1 at 0x1";
    const char* const later = "[    2.000000] v[7]: unhandled signal 4 code 0x1 at 0x1";
    EXPECT_THAT(failures_in({kernel_with_stamps, one, one, later}), testing::SizeIs(2));
}

TEST(failure_watch, passes_over_what_was_typed) {
    failure_watch watch(shipped());
    watch.on_typed("echo 'Kernel panic - not syncing: typed'; echo '[    9.000000] BUG: x'\r", {});
    EXPECT_TRUE(told(watch, {"Kernel panic - not syncing: typed", "[    9.000000] BUG: x",
                             "~ # echo '[    9.000000] BUG: x'"})
                    .empty());
    EXPECT_FALSE(told(watch, {"Kernel panic - not syncing: real"}).empty());
}

TEST(failure_watch, passes_over_copies_of_what_was_said_before_the_first_typing) {
    failure_watch watch(shipped());
    const std::string_view shown[] = {"[    3.500000] Run /init as init process", "~ # "};
    EXPECT_FALSE(told(watch, {kernel_with_stamps}).empty());
    watch.on_typed("cat old.log\r", shown);
    EXPECT_TRUE(told(watch, {"[    1.234567] Kernel panic - not syncing: of another day"}).empty());
    EXPECT_TRUE(
        told(watch, {"OpenSBI v1.5", "OpenSBI v1.5", "Kernel panic - not syncing: x"}).size() == 2u)
        << "a log's banners do not make the kernel forget its time stamps";
    EXPECT_FALSE(told(watch, {"[    3.000000] Kernel panic - not syncing: now"}).empty());
    watch.on_reset();
    EXPECT_FALSE(told(watch, {"[    0.100000] Kernel panic - not syncing: after a reset"}).empty());
}

TEST(failure_watch, judges_every_message_of_a_line) {
    EXPECT_THAT(failures_in({kernel_with_stamps,
                             "board login: [   13.000000] Kernel panic - not syncing: a"}),
                testing::ElementsAre("panic: Kernel panic - not syncing: a"));
    EXPECT_THAT(failures_in({kernel_with_stamps,
                             "[    1.000000] Run /init as init process[    2.000000] WARNING: at "
                             "a.c:1 f[    2.500000] Oops [#1]"}),
                testing::ElementsAre("warning: WARNING: at a.c:1 f", "oops: Oops"));
    EXPECT_THAT(failures_in({"Linux version 6.12.0", "~ # Kernel panic - not syncing: a"}),
                testing::ElementsAre("panic: Kernel panic - not syncing: a"))
        << "without time stamps behind an open prompt";
    EXPECT_THAT(
        failures_in({"<5>Linux version 6.12.0", "Kernel panic - not syncing: said by a test",
                     "<0>Kernel panic - not syncing: real"}),
        testing::ElementsAre("panic: Kernel panic - not syncing: real"));
    EXPECT_THAT(failures_in({kernel_with_stamps, "[    0.060000] \tKernel panic - not syncing: a"}),
                testing::SizeIs(1));
}

TEST(failure_watch, holds_what_a_loader_says_until_it_is_known_whether_a_kernel_begins) {
    const std::string banner = "U-Boot 2024.01", refused = "Bad Linux RISCV Image magic!";
    EXPECT_THAT(
        fatal_in({banner, refused, "=> "}),
        testing::ElementsAre("image: " + refused,
                             "image: U-Boot found nothing to boot and waits at its prompt"));
    EXPECT_THAT(fatal_in({banner, refused, "Starting kernel ...", kernel_with_stamps}),
                testing::IsEmpty());
    EXPECT_THAT(failures_in({banner, refused, "=> ", kernel_with_stamps}),
                testing::ElementsAre("image: " + refused));
    EXPECT_THAT(failures_in({"no loader here", "=> "}), testing::IsEmpty());
    failure_watch driven(shipped());
    std::vector<watch_event> events = told(driven, {"U-Boot 2024.01"});
    driven.on_typed("version\r", {});
    driven.on_line("=> ", events);
    driven.finish(events);
    EXPECT_EQ(events.size(), 1u) << "somebody drives the loader";
}

TEST(failure_watch, knows_each_kind_of_firmware_and_loader_failure) {
    for (const char* line :
         {"init_coldboot: platform early init failed (error -2)", "ERROR: can't get kernel image!",
          "ERROR -91: can't get kernel image!", "Wrong Image Type for bootm command",
          "Unhandled exception: Illegal instruction", "error: no such device: 0d3f86a4.",
          "error: ../../grub-core/fs/fshelp.c:257:file `/boot/vmlinuz' not found.", "grub rescue> ",
          "EFI stub: ERROR: Failed to relocate kernel",
          "BdsDxe: No bootable option or device was found.",
          "!!!! RISCV64 Exception Type - 0002(EXCEPT_RISCV_ILLEGAL_INST) !!!!",
          "[rustsbi-panic] hart 0 panicked at 'invalid instruction'",
          "### ERROR ### Please RESET the board ###"})
        EXPECT_THAT(fatal_in({"OpenSBI v1.5", line}), testing::SizeIs(1)) << line;
}

TEST(failure_watch, knows_firmware_that_found_nothing_to_boot) {
    EXPECT_THAT(failures_in({"OpenSBI v1.5", "UEFI Interactive Shell v2.2"}),
                testing::ElementsAre("image: UEFI found nothing to boot and started its shell"));
    EXPECT_THAT(failures_in({"OpenSBI v1.5", "U-Boot 2025.01", "can't get kernel image!"}),
                testing::ElementsAre("image: U-Boot: can't get kernel image!"));
    EXPECT_THAT(failures_in({kernel_with_stamps, "can't get kernel image!"}), testing::IsEmpty());
}

TEST(failure_watch, calls_the_firmwares_second_banner_a_reset) {
    EXPECT_THAT(failures_in({"OpenSBI v1.5", kernel_with_stamps}), testing::IsEmpty());
    EXPECT_THAT(failures_in({"OpenSBI v1.5", kernel_with_stamps, "OpenSBI v1.5"}),
                testing::ElementsAre("reset: the firmware started again"));
    EXPECT_THAT(failures_in({"OpenSBI v1.5", "[    1.000000] OpenSBI v1.5"}), testing::IsEmpty());
}

TEST(failure_watch, takes_one_restart_for_one_reset_and_none_that_was_announced) {
    const std::string kernel = kernel_with_stamps;
    EXPECT_THAT(failures_in({"OpenSBI v1.5", "U-Boot 2024.01", kernel, "OpenSBI v1.5",
                             "U-Boot 2024.01", kernel}),
                testing::ElementsAre("reset: the firmware started again"));
    EXPECT_THAT(failures_in({"OpenSBI v1.5", kernel, "[    9.000000] reboot: Restarting system",
                             "OpenSBI v1.5", kernel}),
                testing::IsEmpty());
}

TEST(failure_watch, knows_a_second_boot_that_repeats_the_first) {
    const std::vector<std::string> boot = {"BL2: built for a board", kernel_with_stamps,
                                           "[    0.000000] Kernel panic - not syncing: no timer"};
    auto twice = boot;
    twice.insert(twice.end(), boot.begin(), boot.end());
    EXPECT_THAT(failures_in(twice),
                testing::ElementsAre("panic: Kernel panic - not syncing: no timer",
                                     "reset: the kernel started again",
                                     "panic: Kernel panic - not syncing: no timer"));
    const char* const warning = "[    0.100000] WARNING: at a.c:1 f";
    EXPECT_THAT(failures_in({"board: jumping", kernel_with_stamps, warning, "board: jumping",
                             kernel_with_stamps, warning}),
                testing::SizeIs(3));
    EXPECT_THAT(failures_in({"board: jumping", kernel_with_stamps, warning, "dmesg begins",
                             kernel_with_stamps, warning}),
                testing::SizeIs(1));
}

TEST(failure_watch, keeps_a_trace_whole_though_others_print_between_its_lines) {
    failure_watch watch(shipped());
    const auto events = told(
        watch, {kernel_with_stamps, "[    5.000000] Unable to handle kernel paging request at 0",
                "[    5.000001] Oops [#1]", "user text", "[    5.000002] other hart: link is up",
                "# [    5.000003] epc : f+0x1/0x2", "[    5.000004] ---[ end trace 0 ]---",
                "[    5.000005] after"});
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(std::get<failure>(events[1]).kind, "oops");
    const auto& trace = std::get<failure_trace>(events[2]);
    EXPECT_EQ(trace.title, "Unable to handle kernel paging request at 0");
    EXPECT_EQ(trace.site, "f");
    EXPECT_THAT(trace.lines, testing::ElementsAre("Unable to handle kernel paging request at 0",
                                                  "Oops [#1]", "other hart: link is up",
                                                  "epc : f+0x1/0x2", "---[ end trace 0 ]---"));
}

TEST(failure_watch, hears_what_is_graver_than_the_failure_whose_trace_it_is_in) {
    EXPECT_THAT(failures_in({"[    5.000000] WARNING: CPU: 0 PID: 1 at x.c:1 f",
                             "[    5.000001] Kernel panic - not syncing: panic_on_warn",
                             "[    5.000002] Oops [#1]"}),
                testing::ElementsAre("warning: WARNING: CPU: N PID: N at x.c:1 f",
                                     "panic: Kernel panic - not syncing: panic_on_warn"));
}

TEST(failure_watch, begins_a_trace_with_what_announced_it) {
    failure_watch watch(shipped());
    const auto events = told(
        watch, {"[    5.000000] ------------[ cut here ]------------", "[    5.000001] the reason",
                "[    5.000002] WARNING: at x.c:1 y", "[    5.000003] ---[ end trace 0 ]---"});
    ASSERT_EQ(events.size(), 2u);
    EXPECT_THAT(std::get<failure_trace>(events[1]).lines,
                testing::ElementsAre("------------[ cut here ]------------", "the reason",
                                     "WARNING: at x.c:1 y", "---[ end trace 0 ]---"));
}

TEST(failure_watch, ends_a_trace_after_a_pause_or_at_its_limit_or_at_the_end) {
    const char* const start = "[    5.000000] Oops [#1]";
    failure_watch paused(shipped());
    EXPECT_EQ(told(paused, {start, "[    6.000000] in it", "[    8.500000] not in it"}).size(), 2u);
    failure_watch endless(shipped());
    std::vector<watch_event> events;
    endless.on_line(start, events);
    for (int i = 0; i < 1000; ++i) endless.on_line("[    5.000000] more", events);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_TRUE(std::get<failure_trace>(events[1]).cut);
    EXPECT_EQ(std::get<failure_trace>(events[1]).lines.size(), 400u);
    failure_watch ended(shipped());
    events = told(ended, {start});
    ended.finish(events);
    EXPECT_EQ(std::get<failure_trace>(events.at(1)).lines.size(), 1u);
}

TEST(failure_watch, tells_how_far_a_boot_has_come) {
    EXPECT_THAT(
        milestones_in({"OpenSBI v1.5.1", "[    0.000000] Linux version 6.12.0 (gcc)",
                       "Linux version 5 of the docs", "[    1.000000] Run /init as init process",
                       "Welcome to Debian GNU/Linux 13!", "say Welcome to nobody"}),
        testing::ElementsAre("opensbi: 1.5.1", "kernel: 6.12.0", "init: /init"));
    EXPECT_THAT(milestones_in({kernel_with_stamps, "Welcome to Debian GNU/Linux 13!"}),
                testing::ElementsAre("kernel: 6.12.0", "init: "));
}

TEST(failure_watch, takes_no_loader_terminal_or_message_of_the_day_for_init) {
    EXPECT_THAT(milestones_in({"Welcome to minicom 2.8", "OpenSBI v1.5", "Welcome to GRUB!"}),
                testing::ElementsAre("opensbi: 1.5", "grub: "));
    EXPECT_THAT(milestones_in({kernel_with_stamps, "[    1.000000] Run /init as init process",
                               "Welcome to Ubuntu 24.04 LTS (GNU/Linux 6.6 riscv64)"}),
                testing::SizeIs(2));
}

}  // namespace
}  // namespace qh
