#include "console/failure_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build_config.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

const console_patterns& shipped() {
    static const console_patterns patterns(json_document::load(
        std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios/lib/failure_patterns.json"));
    return patterns;
}

std::vector<watch_event> told(failure_watch& watch, std::initializer_list<const char*> lines) {
    std::vector<watch_event> events;
    for (const auto* line : lines) watch.on_line(line, events);
    return events;
}

/// "kind: title" of each failure that `lines` tell of.
std::vector<std::string> failures_in(std::initializer_list<const char*> lines) {
    failure_watch watch(shipped());
    std::vector<std::string> found;
    for (const auto& event : told(watch, lines))
        if (const auto* one = std::get_if<failure>(&event))
            found.push_back(one->kind + ": " + one->title);
    return found;
}

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
        {"watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [python3:123]", "lockup", true},
        {"BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 34s!", "lockup",
         true},
        {"rcu: INFO: rcu_sched self-detected stall on CPU", "stall", false},
        {"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", "stall", false},
        {"INFO: task python3:123 blocked for more than 120 seconds.", "stall", false},
        {"Insufficient stack space to handle exception!", "stack-overflow", true},
        {"Initramfs unpacking failed: junk within compressed archive", "image", false},
        {"rootfs image is not initramfs (no cpio magic); looks like an initrd", "image", false},
        {"python3 invoked oom-killer: gfp_mask=0x140cca, order=0, oom_score_adj=0", "out-of-memory",
         false},
        {"Out of memory: Killed process 123 (python3) total-vm:1000kB", "out-of-memory", false},
        {"vtest[129]: unhandled signal 4 code 0x1 at 0x00000000000111ca in vtest[1ca,11000+1000]",
         "signal", false},
        {"WARNING: CPU: 0 PID: 1 at kernel/x.c:1 f+0x1/0x2", "warning", false},
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
         {"", "login:", "[   12.345678] usb 1-1: new device", "echo Kernel panic - not syncing: x",
          "grep: 'Oops [#1]': no such file", "\"BUG: quoted\"",
          "test.log:12:Kernel panic - not syncing", "~ # dmesg | grep 'kernel BUG at '",
          "ok 1 - no BUG: here", "[   12.345678] EXT4-fs (vda): warning: mounting fs with errors",
          "[   12.345678] INFO: lockdep is turned off.",
          "[   12.345678] WARNING: See https://docs.kernel.org/x at y",
          "[   12.345678] audit: text=\"Kernel panic - not syncing\"",
          "[12] Kernel panic - not syncing", "vtest[129]: unhandled signal 5 code 0x1",
          "Oops! something", "\xff\xfe binary"})
        EXPECT_FALSE(first_failure(shipped(), line)) << line;
}

TEST(failure_watch, takes_a_hostile_line_harmlessly) {
    const auto found = first_failure(shipped(), "[    1.000000] BUG: \x1b[2J\xff");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->line, "[    1.000000] BUG: \\x1b[2J\\xff");
    EXPECT_EQ(found->title, "BUG: \\x1b[2J\\xff");
}

TEST(normalised_title, is_equal_for_equal_crashes) {
    const struct {
        const char* one;
        const char* other;
        const char* title;
    } cases[] = {
        {"vtest[129]: unhandled signal 4 code 0x1 at 0x00000000000111ca in vtest[1ca,11000+1000]",
         "vtest[7]: unhandled signal 4 code 0x1 at 0x0000003f8a3111ca in "
         "vtest[1ca,3f8a300000+1000]",
         "vtest: unhandled signal 4 code 0x1 at ADDR in vtest"},
        {"Unable to handle kernel paging request at virtual address ff60000000001000",
         "Unable to handle kernel paging request at virtual address ff60000012345678",
         "Unable to handle kernel paging request at virtual address ADDR"},
        {"WARNING: CPU: 0 PID: 1 at kernel/x.c:1 f+0x1/0x2",
         "WARNING: CPU: 3 PID: 99 at kernel/x.c:1 f+0x1/0x2",
         "WARNING: CPU: N PID: N at kernel/x.c:1 f+0x1/0x2"},
        {"watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [python3:123]",
         "watchdog: BUG: soft lockup - CPU#1 stuck for 45s! [python3:7]",
         "watchdog: BUG: soft lockup - CPU#N stuck for Ns! [python3]"},
        {"INFO: task python3:123 blocked for more than 120 seconds.",
         "INFO: task python3:9 blocked for more than 120 seconds.",
         "INFO: task python3 blocked for more than 120 seconds."},
        {"Out of memory: Killed process 12 (python3) total-vm:1000kB, anon-rss:5kB",
         "Out of memory: Killed process 345 (python3) total-vm:2222kB, anon-rss:77kB",
         "Out of memory: Killed process N (python3) total-vm:NkB, anon-rss:NkB"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(normalised_title(c.one), c.title);
        EXPECT_EQ(normalised_title(c.other), c.title);
    }
}

TEST(normalised_title, keeps_what_tells_crashes_apart) {
    const std::string killed = "Kernel panic - not syncing: Attempted to kill init! exitcode=";
    EXPECT_EQ(normalised_title(killed + "0x00000004"), killed + "0x4");
    EXPECT_EQ(normalised_title(killed + "0x0000000b"), killed + "0xb");
    EXPECT_EQ(normalised_title(killed + "0x00000100"), killed + "0x100");
    EXPECT_EQ(normalised_title("Oops - illegal instruction [#1]"), "Oops - illegal instruction");
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
                "[    5.000002] WARNING: at x at y", "[    5.000003] ---[ end trace 0 ]---"});
    ASSERT_EQ(events.size(), 2u);
    EXPECT_THAT(std::get<failure_trace>(events[1]).lines,
                testing::ElementsAre("------------[ cut here ]------------", "the reason",
                                     "WARNING: at x at y", "---[ end trace 0 ]---"));
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
    failure_watch watch(shipped());
    std::vector<std::string> reached;
    for (const auto& event :
         told(watch, {"OpenSBI v1.5.1", "[    0.000000] Linux version 6.12.0 (gcc)",
                      "Linux version 5 of the docs", "[    1.000000] Run /init as init process",
                      "Welcome to Debian GNU/Linux 13!", "say Welcome to nobody"})) {
        const auto& one = std::get<milestone>(event);
        reached.push_back(one.kind + ": " + one.title);
    }
    EXPECT_THAT(reached,
                testing::ElementsAre("opensbi: 1.5.1", "kernel: 6.12.0", "init: /init", "init: "));
}

}  // namespace
}  // namespace qh
