#include "console/failure_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shipped_watch.hpp"

namespace qh {
namespace {

using testing::ElementsAre;

/// "title in function" of each report.
std::vector<std::string> sites_in(const std::vector<std::string>& lines) {
    std::vector<std::string> found;
    for (const auto& one : reports_in(lines)) found.push_back(one.title + " in " + one.site);
    return found;
}

/// `lines` behind a time stamp `ms` after the kernel's start.
std::vector<std::string> at(int ms, const std::vector<std::string>& lines) {
    std::vector<std::string> stamped;
    for (const auto& line : lines)
        stamped.push_back(fmt::format("[{:5}.{:06}] {}", ms / 1000, ms % 1000 * 1000, line));
    return stamped;
}

std::vector<std::string> operator+(std::vector<std::string> one,
                                   const std::vector<std::string>& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

const std::vector<std::string> atomic = {"BUG: scheduling while atomic: sh/7/0x00000002",
                                         "CPU: 0 UID: 0 PID: 7 Comm: sh Not tainted",
                                         "Call Trace:",
                                         "[<ffffffff80000001>] dump_backtrace+0x1a/0x40",
                                         "[<ffffffff80000002>] __schedule_bug+0x1a/0x40",
                                         "[<ffffffff80000003>] sleepy+0x1a/0x40"};
const std::vector<std::string> oops = {
    "Unable to handle kernel paging request at virtual address 8",
    "Oops [#1]",
    "CPU: 0 UID: 0 PID: 7 Comm: sh Not tainted",
    "epc : poke+0x1a/0x40",
    " ra : outer+0x2e/0x60",
    "---[ end trace 0000000000000000 ]---"};
const std::vector<std::string> warning = {
    "------------[ cut here ]------------", "WARNING: CPU: 0 PID: 7 at a.c:12 warns+0x1a/0x40",
    "CPU: 0 UID: 0 PID: 7 Comm: sh Not tainted", "epc : warns+0x1a/0x40"};

TEST(failure_report, ends_where_another_begins) {
    EXPECT_THAT(sites_in(at(1000, atomic) + at(1800, {"link is up"}) + at(2000, oops)),
                ElementsAre("BUG: scheduling while atomic: sh/N/ADDR in sleepy",
                            "Unable to handle kernel paging request at virtual address 8 in poke"));
    const auto panic = std::vector<std::string>{"Kernel panic - not syncing: panic_on_warn set",
                                                "Call Trace:", "[<ffffffff80000001>] panic+0x1/0x2",
                                                "[<ffffffff80000002>] __warn+0x1/0x2"};
    const auto reports = reports_in(at(1000, warning + panic));
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[0].lines, warning) << "the cause keeps its trace";
    EXPECT_EQ(reports[0].site, "warns");
    EXPECT_EQ(reports[1].lines, panic);
    EXPECT_EQ(reports[1].site, "");
}

TEST(failure_report, leaves_to_another_what_announced_that) {
    const auto reports = reports_in(at(1000, warning) + at(1001, warning));
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[0].lines, warning);
    EXPECT_EQ(reports[1].lines, warning);
}

TEST(failure_report, ends_with_its_trace_where_it_has_no_mark) {
    const auto reports = reports_in(at(1000, atomic) + at(1100, {"link is up", "link is down"}));
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].lines, atomic);
}

TEST(failure_report, goes_on_behind_lines_of_others) {
    auto lines = oops;
    lines.insert(lines.begin() + 3, 40, "noise of another hart");
    const auto reports = reports_in(at(1000, lines) + at(1001, {"behind it"}));
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].lines, lines);
    EXPECT_EQ(reports[0].site, "poke");
}

TEST(failure_report, is_not_ended_by_what_a_program_prints) {
    auto lines = at(0, {"Linux version 6.12.0"}) + at(1000, oops);
    lines.insert(lines.begin() + 4, "Segmentation fault");
    lines.insert(lines.begin() + 3, "INIT: version 3.04 booting");
    EXPECT_EQ(reports_in(lines).at(0).lines, oops);
    EXPECT_THAT(failures_in(lines), testing::SizeIs(2));
}

TEST(failure_report, names_the_first_function_that_is_no_helper) {
    const struct {
        std::vector<std::string> lines;
        const char* site;
    } cases[] = {
        {{"BUG: KASAN: slab-use-after-free in __list_del_entry_valid_or_report+0x1a/0x40",
          "Call Trace:", " <TASK>", " dump_stack_lvl+0x1/0x2", " print_report+0x1/0x2",
          " kasan_report+0x1/0x2", " ? stale+0x1/0x2", " __list_del_entry_valid_or_report+0x1/0x2",
          " release+0x1/0x2"},
         "release"},
        {{"WARNING: CPU: 0 PID: 7 at lib/refcount.c:28 refcount_warn_saturate+0x1/0x2",
          "epc : refcount_warn_saturate+0x1/0x2", " ra : refcount_warn_saturate+0x1/0x2",
          "[<ffffffff80000001>] drop.isra.0+0x1/0x2"},
         "drop"},
        {{"INFO: task sh:77 blocked for more than 120 seconds.", "      Not tainted 6.12.30 #1",
          "task:sh state:D stack:0", "Call Trace:", "[<ffffffff80000001>] __schedule+0x1/0x2",
          "[<ffffffff80000002>] __mutex_lock.constprop.0+0x1/0x2",
          "[<ffffffff80000003>] ioctl+0x1/0x2"},
         "ioctl"},
        {{"WARNING: possible circular locking dependency detected",
          "sh/7 is trying to acquire lock:",
          "ff60000081234568 (&a->lock){+.+.}-{3:3}, at: open_it+0x24/0x60",
          "Call Trace:", "[<ffffffff80000001>] lock_acquire+0x1/0x2"},
         "open_it"},
        {{"Oops: general protection fault, probably for address 0x1: 0000 [#1] SMP",
          "RIP: 0010:poke+0x1a/0x40", "RIP: 0033:0x7f3a"},
         "poke"},
        {{"Internal error: Oops: 0000000096000004 [#1] SMP", "pc : poke+0x1a/0x40",
          "lr : outer+0x2e/0x60"},
         "poke"},
        {{"Unable to handle kernel NULL pointer dereference at virtual address 0", "Oops [#1]",
          "epc : memcpy+0x1/0x2", " ra : outer+0x1/0x2"},
         "outer"},
        {{"BUG: spinlock lockup suspected on CPU#3, a/7", " lock: wake_lock+0x0/0x40, .magic: 1",
          "[<c010d9c8>] (unwind_backtrace) from [<c010a1e4>] (show_stack+0x10/0x14)",
          "[<c010d9c9>] (waker) from [<c010a1e4>] (outer+0x10/0x14)"},
         "waker"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(reports_in(at(1000, c.lines)).at(0).site, c.site) << c.lines.front();
}

TEST(failure_report, begins_before_its_name_where_the_head_is_lost) {
    const std::vector<std::string> lines = {
        "epc : start+0x1a/0x40", " ra : outer+0x5c/0x1e8",
        "epc : ffffffff01a0001a ra : ffffffff8000211c sp : ff2000000023bb50",
        "status: 0000000200000120 badaddr: 0000000000805073 cause: 0000000000000002"};
    EXPECT_THAT(fatal_in(at(1000, lines)), ElementsAre("oops: illegal instruction in the kernel"));
    EXPECT_EQ(reports_in(at(1000, lines)).at(0).lines, lines);
}

}  // namespace
}  // namespace qh
