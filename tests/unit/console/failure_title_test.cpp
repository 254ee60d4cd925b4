#include "console/failure_title.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

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
         "INFO: task python3:9 blocked for more than 241 seconds.",
         "INFO: task python3 blocked for more than N seconds."},
        {"Out of memory: Killed process 12 (python3) total-vm:1000kB, anon-rss:5kB",
         "Out of memory: Killed process 345 (python3) total-vm:2222kB, anon-rss:77kB",
         "Out of memory: Killed process N (python3) total-vm:NkB, anon-rss:NkB"},
        {"WARNING: drivers/a.c:12 at f+0x1a/0x40, CPU#0: sh/77",
         "WARNING: drivers/a.c:12 at f+0x1a/0x40, CPU#3: sh/1234",
         "WARNING: drivers/a.c:12 at f+0x1a/0x40, CPU#N: sh"},
        {"INFO: task kworker/u8:3:77 blocked for more than 120 seconds.",
         "INFO: task kworker/3:1H:91 blocked for more than 241 seconds.",
         "INFO: task kworker blocked for more than N seconds."},
        {"watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [kworker/0:2:140]",
         "watchdog: BUG: soft lockup - CPU#1 stuck for 27s! [kworker/u16:1-events:9]",
         "watchdog: BUG: soft lockup - CPU#N stuck for Ns! [kworker]"},
        {"BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 46s!",
         "BUG: workqueue lockup - pool cpus=0-3 node=0 flags=0x0 nice=0 stuck for 78s!",
         "BUG: workqueue lockup - pool cpus=N node=0 flags=0x0 nice=0 stuck for Ns!"},
        {"watchdog: CPU1: Watchdog detected hard LOCKUP on cpu 0",
         "watchdog: CPU3: Watchdog detected hard LOCKUP on cpu 12",
         "watchdog: CPUN: Watchdog detected hard LOCKUP on cpu N"},
        {"BUG: scheduling while atomic: swapper/1/0/0x00000002",
         "BUG: scheduling while atomic: swapper/0/0/0x00010002",
         "BUG: scheduling while atomic: swapper/N/N/ADDR"},
        {"BUG: spinlock lockup suspected on CPU#3, gdbus/2329",
         "BUG: spinlock lockup suspected on CPU#0, gdbus/1",
         "BUG: spinlock lockup suspected on CPU#N, gdbus/N"},
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
    EXPECT_EQ(normalised_title(killed + "0x0"),
              "Kernel panic - not syncing: Attempted to kill init!")
        << "the line was cut";
    EXPECT_EQ(normalised_title("Oops - illegal instruction [#1]"), "Oops - illegal instruction");
}

}  // namespace
}  // namespace qh
