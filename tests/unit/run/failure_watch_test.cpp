#include "run/failure_watch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build_config.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

const failure_watch& shipped() {
    static const failure_watch watch(json_document::load(
        std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios/lib/failure_patterns.json"));
    return watch;
}

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
        {"BUG: KASAN: slab-out-of-bounds in f+0x1a/0x40", "bug", true},
        {"BUG: unable to handle page fault for address: ff", "bug", true},
        {"watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [python3:123]", "lockup", true},
        {"BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 34s!", "lockup",
         true},
        {"rcu: INFO: rcu_sched self-detected stall on CPU", "stall", false},
        {"rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:", "stall", false},
        {"INFO: task python3:123 blocked for more than 120 seconds.", "stall", false},
        {"Insufficient stack space to handle exception!", "stack-overflow", true},
        {"sbi_trap_error: hart0: trap handler failed (error -2)", "firmware-trap", true},
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
            const auto found = shipped().on_line(std::string(stamp) + c.line);
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
        EXPECT_FALSE(shipped().on_line(line)) << line;
}

TEST(failure_watch, takes_a_hostile_line_harmlessly) {
    const auto found = shipped().on_line("[    1.000000] BUG: \x1b[2J\xff");
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
    EXPECT_EQ(normalised_title("Oops - illegal instruction [#1]"),
              "Oops - illegal instruction [#1]");
}

TEST(pattern_file, is_told_its_mistakes_with_their_places) {
    const struct {
        const char* text;
        const char* message;
    } cases[] = {
        {R"({"patterns": [{"kind": "a", "severity": "bad", "start": "x"}]})",
         "f:1:41: error: \"severity\" is \"fatal\" or \"note\""},
        {R"({"patterns": [{"kind": "a", "severity": "note", "start": "("}]})",
         "f:1:58: error: bad regex:"},
        {R"({"patterns": [{"kind": "a", "severity": "note"}]})", "a pattern needs \"start\""},
        {R"({"patterns": [{"kind": "a", "severity": "note", "start": "x", "end": "y"}]})",
         "a pattern has no \"end\""},
        {R"({"patterns": [], "benign": ["ok", "["]})", "f:1:35: error: bad regex:"},
        {R"({"pattern": []})", "needs \"patterns\""},
    };
    for (const auto& c : cases)
        EXPECT_THAT(test::message_of([&] { failure_watch(json_document::parse(c.text, "f")); }),
                    HasSubstr(c.message));
}

TEST(pattern_file, may_be_empty) {
    const failure_watch watch(json_document::parse(R"({"patterns": []})", "f"));
    EXPECT_FALSE(watch.on_line("Kernel panic - not syncing"));
}

TEST(pattern_file, prefers_the_pattern_that_comes_first) {
    const failure_watch watch(json_document::parse(
        R"({"patterns": [{"kind": "b", "severity": "note", "start": "ab"},
                         {"kind": "a", "severity": "fatal", "start": "a"}]})",
        "f"));
    EXPECT_EQ(watch.on_line("abc")->kind, "b");
    EXPECT_EQ(watch.on_line("ac")->kind, "a");
}

}  // namespace
}  // namespace qh
