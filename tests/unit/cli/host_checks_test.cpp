#include "cli/host/host_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "machine/cpu_models.hpp"
#include "process/tool_packages.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

TEST(read_version_line, finds_the_version_whatever_the_distribution_adds) {
    EXPECT_EQ(read_version_line("QEMU emulator version 8.2.2 (Debian 1:8.2.2+ds-0ubuntu1)\nCopy"),
              (qemu_version{8, 2, 2}));
    EXPECT_EQ(read_version_line("QEMU emulator version 10.0.50 (v10.0.0-5-g1234)"),
              (qemu_version{10, 0, 50}));
    EXPECT_FALSE(read_version_line("GNU sed 4.9"));
    EXPECT_FALSE(read_version_line(""));
}

TEST(meminfo_bytes, reads_the_figure_of_that_very_name) {
    const auto* const meminfo = "MemTotal:       16 kB\nMemAvailable:    4 kB\n";
    EXPECT_EQ(meminfo_bytes(meminfo, "MemAvailable"), 4096u);
    EXPECT_EQ(meminfo_bytes(meminfo, "Available"), 0u);
}

TEST(check_host, a_qemu_that_is_not_there_is_missing_with_the_command_that_brings_it) {
    for (const auto& check : check_host({"/no/such/qemu", "."})) {
        if (check.name != "qemu" && check.name != "firmware") continue;
        EXPECT_EQ(check.state, check_state::missing) << check.name;
        EXPECT_NE(check.found, "") << check.name;
        EXPECT_NE(check.remedy, "") << check.name;
    }
}

TEST(check_host, tells_of_every_program_that_is_called_what_it_is_needed_for) {
    const std::string before = ::getenv("PATH");
    ::setenv("PATH", "/nowhere", 1);
    const auto checks = check_host({"/no/such/qemu", "."});
    ::setenv("PATH", before.c_str(), 1);
    for (const auto& package : tool_packages()) {
        const auto found = std::ranges::find(checks, package.programs.front(), &host_check::name);
        ASSERT_NE(found, checks.end()) << package.name;
        // What lies in /usr/sbin is found without PATH.
        if (found->state == check_state::ok) continue;
        EXPECT_EQ(found->state == check_state::advice, package.is_optional) << package.name;
        EXPECT_THAT(found->found, HasSubstr(std::string(package.needed_for)));
        EXPECT_THAT(found->remedy, HasSubstr(std::string(package.name)));
    }
}

TEST(check_host, a_folder_that_cannot_be_made_is_missing) {
    for (const auto& check : check_host({"/no/such/qemu", "/dev/null/runs"}))
        EXPECT_TRUE(check.name != "runs" || check.state == check_state::missing) << check.found;
}

TEST(read_cpu_help, has_the_models_of_old_and_new_qemus) {
    EXPECT_EQ(read_cpu_help("Available CPUs:\n  max\n  rv64\n  rva23s64\n"),
              (std::vector<std::string>{"max", "rv64", "rva23s64"}));
    EXPECT_EQ(read_cpu_help(""), std::vector<std::string>{});
}

}  // namespace
}  // namespace qh
