// Whole Debian guests, with systemd and with OpenRC: logging in, and all that an installer needs.
#include <gmock/gmock.h>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

constexpr const char* installer = INSTALLERS "/hugepages.sh";

class full_guest : public guest_test {
  protected:
    full_guest() { time_limit = std::chrono::minutes(20); }

    static void expect_passed(const recorded_run& run) {
        EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output << run.end.errors;
        EXPECT_EQ(run.result["outcome"], "passed");
    }

    static void expect_step(const recorded_run& run, const std::string& name,
                            const std::string& outcome) {
        EXPECT_EQ(run.step(name)["outcome"], outcome) << name << ": " << run.step(name);
    }

    /// Everything but what compiles or asks the package manager, which takes minutes.
    recorded_run install_on(const std::string& image, const std::string& init,
                            std::vector<std::string> more) const {
        std::vector<std::string> arguments = {
            "--image",  image,
            "--set",    "init=" + init,
            "--filter", "system|hugepages|installer|podman / info",
            "--set",    fmt::format("installer={}", installer)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(SCENARIOS "/tt_installer.json", arguments);
    }

    static void expect_installed(const recorded_run& run) {
        expect_passed(run);
        for (const char* const name : {"login", "system / init as expected", "installer / run",
                                       "hugepages / pages of 2048 kB on /dev/hugepages-2M"})
            expect_step(run, name, "passed");
        EXPECT_THAT(read_file(run.folder / "files/tt_installer.log"),
                    HasSubstr("HugePages_Total:      24"));
    }
};

TEST_F(full_guest, with_systemd_keeps_its_huge_pages_over_a_reboot) {
    const auto run = install_on("debian-systemd", "systemd", {"--set", "reboot=yes"});
    expect_installed(run);
    expect_step(run, "hugepages / mount unit / pages of 1048576 kB on /dev/hugepages-1G", "passed");
    expect_step(run, "hugepages / after a reboot / pages and mount", "passed");
}

TEST_F(full_guest, with_openrc_mounts_by_fstab_and_skips_what_it_lacks) {
    const auto run = install_on("debian-openrc", "openrc", {});
    expect_installed(run);
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
