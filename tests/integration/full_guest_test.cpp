// Whole Debian guests, with systemd and with OpenRC: logging in, and all that an installer needs.
#include <gmock/gmock.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

constexpr const char* installer = INSTALLERS "/hugepages.sh";

class full_guest : public guest_test {
  protected:
    /// A module is compiled in the guest.
    full_guest() { time_limit = std::chrono::minutes(50); }

    static void expect_passed(const recorded_run& run) {
        EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output << run.end.errors;
        EXPECT_EQ(run.result["outcome"], "passed");
    }

    static void expect_step(const recorded_run& run, const std::string& name,
                            const std::string& outcome) {
        EXPECT_EQ(run.step(name)["outcome"], outcome) << name << ": " << run.step(name);
    }

    /// What both guests can do; nothing of it may have been skipped.
    static void expect_all_that_an_installer_needs(const recorded_run& run) {
        for (const char* const name :
             {"login", "system / init as expected", "packages", "installer / run", "module / add",
              "module / build", "module / install", "module / modinfo", "module / modprobe",
              "module / rmmod", "hugepages / pages of 2048 kB on /dev/hugepages-2M"})
            expect_step(run, name, "passed");
        EXPECT_THAT(read_file(run.folder / "files/tt_installer.log"),
                    HasSubstr("HugePages_Total:      24"));
        EXPECT_THAT(dump(run.step("packages")["results"]),
                    HasSubstr("apt says that it is not installed: rustc cargo"));
    }
};

TEST_F(full_guest, with_systemd_has_what_an_installer_needs_even_after_a_reboot) {
    const auto run = this->run(SCENARIOS "/tt_installer.json",
                               {"--image", "debian-systemd", "--set", "init=systemd", "--set",
                                "reboot=yes", "--set", fmt::format("installer={}", installer)});
    expect_passed(run);
    expect_all_that_an_installer_needs(run);
    for (const char* const name :
         {"hugepages / mount unit / pages of 1048576 kB on /dev/hugepages-1G",
          "hugepages / after a reboot / pages and mount", "python tools / pipx",
          "podman / build and run"})
        expect_step(run, name, "passed");
    expect_step(run, "python tools / tools", "skipped");
}

TEST_F(full_guest, with_openrc_has_what_an_installer_needs) {
    const auto run = this->run(SCENARIOS "/tt_installer.json",
                               {"--image", "debian-openrc", "--set", "init=openrc", "--filter",
                                "system|packages|installer|module|hugepages|podman", "--set",
                                fmt::format("installer={}", installer)});
    expect_passed(run);
    expect_all_that_an_installer_needs(run);
    expect_step(run, "hugepages / fstab / pages of 1048576 kB on /dev/hugepages-1G", "passed");
    EXPECT_EQ(run.step("podman / info")["reason"], "skip: this guest has no podman");
}

TEST_F(full_guest, refuses_a_wrong_password_and_no_record_has_it) {
    variables["QHARNESS_GUEST_PASSWORD"] = "not-the-password";
    const auto run = this->run(SCENARIOS "/login.json", {"--image", "debian-openrc"});
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.output;
    EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr("Login incorrect"));
    for (const char* const file : {"result.json", "journal.jsonl", "scenario.json", "console.log"})
        EXPECT_THAT(read_file(run.folder / file), Not(HasSubstr("not-the-password"))) << file;
}

}  // namespace
}  // namespace qh::integration
