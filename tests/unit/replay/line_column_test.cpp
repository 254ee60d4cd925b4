#include "replay/line_column.hpp"

#include <gmock/gmock.h>

#include "replay/kernel_stamp.hpp"

namespace qh {
namespace {

/// What a firmware and a kernel without time stamps print, with what may mislead: indentation,
/// symbols, empty lines.
const std::vector<std::string> console = {"",
                                          "OpenSBI v1.5.1",
                                          "   ____                    _____",
                                          "  / __ \\                  / ____|",
                                          " | |  | |_ __   ___ _ __ | (___",
                                          "        |_|",
                                          "",
                                          "Platform Name             : virt",
                                          "Domain0 Next Address      : 0x80200000",
                                          "Linux version 6.6.30 (a@b) #1 SMP",
                                          "random: crng init done",
                                          "  DMA32    [mem 0x80000000-0x9fffffff]",
                                          "Unable to handle kernel NULL pointer",
                                          "epc : probe_start+0x1a/0x40",
                                          "Kernel panic - not syncing: Fatal exception"};

std::vector<std::string_view> views(const std::vector<std::string>& lines) {
    return {lines.begin(), lines.end()};
}

/// The lines behind the column that they share.
std::vector<std::string> behind_column(const std::vector<std::string>& lines) {
    const auto column = shared_column(views(lines));
    std::vector<std::string> texts;
    for (const auto& line : lines) {
        const auto place = column ? column->find(line) : std::nullopt;
        texts.push_back(line.substr(place ? place->length : 0));
    }
    return texts;
}

TEST(line_column_test, is_found_by_its_shape_whatever_tool_made_it) {
    using maker = std::string (*)(int);
    const maker tools[] = {
        [](int i) { return fmt::format("[12:34:{:02}.123] ", i); },
        [](int i) { return fmt::format("[2024-05-07 12:34:{:02}.123] ", i); },
        [](int i) { return fmt::format("2024-05-07T12:34:{:02}.1234567Z ", i); },
        [](int i) { return fmt::format("2024-05-07T12:34:{:02}.123456Z 00O ", i); },
        [](int i) { return fmt::format("2024-05-07T12:34:{:02}.123456789Z stdout F ", i); },
        [](int i) { return fmt::format("02:18:{:02}.653491  ", i); },
        [](int i) { return fmt::format("[{}.050000 0.05{:04}] ", i, i); },
        [](int i) { return fmt::format("({:9.4f}) ", i * 0.25); },
        [](int i) { return fmt::format("Nov 30 12:00:{:02} ", i); },
        [](int i) { return fmt::format("{}.123456 ", 1714999000 + i); },
        [](int i) { return fmt::format("<09:08:{:02}> ", i); },
        [](int i) { return fmt::format("09:08:{:02} AM ", i); },
        [](int i) { return fmt::format("2024/05/07 09:08:{:02} ", i); },
        [](int i) { return fmt::format("[09:08:{:02}]W:\t [Step 1/2] ", i); },
        [](int i) { return fmt::format("\x1b[90m09:08:{:02} \x1b[0m", i); },
        [](int i) { return fmt::format("[{:5}.{:06} <    0.000{:03}>] ", i, i, i); },
        [](int i) {
            return i % 7 == 0 ? std::string("[Nov26 09:00] ") : fmt::format("[  +0.{:06}] ", i);
        },
        [](int i) { return std::string(i % 2 ? "kern  :info  : " : "daemon:notice: "); },
        [](int i) { return std::string(i % 3 ? "qemu_1  | " : "net_1   | "); },
        [](int) { return std::string("\x1b[36mqemu-1  |\x1b[0m "); },
        [](int) { return std::string("DEBUG: "); },
        [](int) { return std::string("DEBUG   - DEVICE: "); },
        [](int) { return std::string("CONSOLE SerialLogger.ma:     SerialDriver(main) < "); },
        [](int) { return std::string("> "); },
        [](int) { return std::string("\t"); },
        [](int i) { return fmt::format("<{}>", i % 7); },
        [](int i) { return fmt::format("{:6}\t", i + 1); },
        [](int i) { return fmt::format("{}:", i + 1); },
    };
    for (const auto& tool : tools) {
        std::vector<std::string> lines;
        for (std::size_t i = 0; i < console.size(); ++i)
            lines.push_back(tool(static_cast<int>(i)) + console[i]);
        EXPECT_EQ(behind_column(lines), console) << lines[1];
    }
}

TEST(line_column_test, leaves_a_console_without_one_as_it_is) {
    EXPECT_FALSE(shared_column(views(console)));
    std::vector<std::string> kernel, systemd, tap, excerpt;
    for (int i = 0; i < 40; ++i) {
        kernel.push_back(fmt::format("[{:5}.{:06}] usb 1-1: message {}", i, i, i));
        systemd.push_back(i == 0 ? "Welcome to Debian!"
                                 : fmt::format("[  OK  ] Started unit {}.", i));
        tap.push_back(i == 0 ? "1..39" : fmt::format("ok {} - case", i));
        excerpt.push_back(fmt::format("[{:5}.{:06}][    T{}] usb 1-1: message", i, i, i));
    }
    for (const auto& lines : {kernel, systemd, tap, excerpt})
        EXPECT_EQ(behind_column(lines), lines);
    EXPECT_FALSE(shared_column({}));
}

TEST(line_column_test, is_none_where_a_guests_test_prints_times) {
    std::vector<std::string> lines;
    for (int i = 0; i < 10; ++i) lines.push_back(fmt::format("[    0.00000{}] Linux", i));
    for (int i = 0; i < 90; ++i)
        lines.push_back(fmt::format("12:00:{:02} test {} passed", i % 60, i));
    EXPECT_FALSE(shared_column(views(lines)));
}

TEST(line_column_test, may_begin_behind_a_preamble) {
    std::vector<std::string> lines = {"Started by user builder", "Running on node-7", "+ make run"};
    for (int i = 0; i < 12; ++i)
        lines.push_back(fmt::format("09:23:{:02} {}", i, console[static_cast<std::size_t>(i)]));
    const auto column = shared_column(views(lines));
    ASSERT_TRUE(column);
    const auto place = column->find("09:24:00 x");
    ASSERT_TRUE(place);
    EXPECT_EQ(place->length, 9u);
    EXPECT_FALSE(column->find("+ make run"));
}

TEST(line_column_test, tells_a_line_that_goes_on_with_the_one_before) {
    std::vector<std::string> lines;
    for (int i = 0; i < 12; ++i)
        lines.push_back(fmt::format("2024-05-07T12:34:{:02}.123456Z 00O {}", i,
                                    console[static_cast<std::size_t>(i)]));
    const auto column = shared_column(views(lines));
    ASSERT_TRUE(column);
    EXPECT_FALSE(column->find(lines[1])->continues);
    EXPECT_TRUE(column->find("2024-05-07T12:34:59.123456Z 00O+more")->continues);
}

TEST(kernel_stamp_test, parts_the_kernels_messages_from_the_lines_they_interrupt) {
    std::vector<std::string> lines;
    kernel_lines_apart apart;
    const auto take = [&](std::string_view line) { lines.emplace_back(line); };
    for (const char* line :
         {"~ # [    5.000000] one", "[    5.100000] two", "uname -m", "riscv[    6.000000] three",
          "64", "a.log:[    1.000000] Oops", "last[    7.000000] x"})
        apart.feed(line, take);
    apart.finish(take);
    EXPECT_THAT(lines,
                testing::ElementsAre("~ # ", "[    5.000000] one", "[    5.100000] two",
                                     "~ # uname -m", "[    6.000000] three", "riscv64",
                                     "a.log:[    1.000000] Oops", "[    7.000000] x", "last"));
}

TEST(kernel_stamp_test, knows_a_quoted_message) {
    for (const char* line :
         {"<0>[   55.200000] Kernel panic", "<6>Kernel panic", "/var/log/a.1:[   77.200000] x",
          "Jun 10 11:00:01 box kernel: [   55.200000] x", "a:Jun 10 box kernel: [   55.200000] x"})
        EXPECT_TRUE(quotes_kernel(line)) << line;
    for (const char* line : {"[   55.200000] Kernel panic", "~ # [   55.200000] Kernel panic",
                             "box login: [   55.200000] Kernel panic", "plain", ""})
        EXPECT_FALSE(quotes_kernel(line)) << line;
}

}  // namespace
}  // namespace qh
