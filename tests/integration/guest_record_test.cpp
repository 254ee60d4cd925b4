// Runs that QEMU records instruction by instruction, on a real guest, and their replays.
#include <gmock/gmock.h>
#include <signal.h>

#include "harness_test.hpp"
#include "unix_peer.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class guest_record : public guest_test {
  protected:
    guest_record() {
        machine_arguments = {"--image", "tiny", "--smp", "1", "--record"};
        fs::create_directory(folder() / "tmp");
        variables["TMPDIR"] = (folder() / "tmp").string();
    }

    std::string panic_scenario() const {
        return scenario({boot_step(),
                         {{"name", "draw"},
                          {"run", "head -c 8 /dev/urandom | od -x; sleep 1; date"},
                          {"match", "^0000010$"}},
                         {{"name", "crash"},
                          {"run",
                           "echo 1 > /proc/sys/kernel/sysrq; echo c > "
                           "/proc/sysrq-trigger"}}});
    }

    fs::path gdb_socket() const {
        for (const auto& entry : fs::directory_iterator(folder() / "tmp"))
            if (fs::exists(entry.path() / "gdb")) return entry.path() / "gdb";
        return {};
    }
};

TEST_F(guest_record, a_panic_comes_again_byte_for_byte_as_often_as_wanted) {
    const auto run = this->run(panic_scenario());
    ASSERT_EQ(run.result["outcome"], "panicked") << run.end.errors;
    EXPECT_EQ(run.step("draw")["outcome"], "passed");
    EXPECT_THAT(run.end.output, testing::ContainsRegex("replay: .* replay runs/.* --machine\n"));
    for (int times = 0; times < 2; ++times) {
        const auto again = call({"replay", run.folder.string(), "--machine"});
        EXPECT_TRUE(again.status.clean()) << again.errors;
        EXPECT_THAT(again.output,
                    HasSubstr(fmt::format("identical: {} bytes of console\n",
                                          fs::file_size(run.folder / "console.log"))));
    }

    auto until = start({"replay", run.folder.string(), "--machine", "--until", "crash"});
    until.wait_for_output("Ctrl-C ends QEMU");
    const auto registers = registers_from(unix_peer(gdb_socket()));
    EXPECT_GE(registers.size(), 32u * 16);
    EXPECT_THAT(registers, testing::StartsWith("0000000000000000"));
    until.signal(SIGINT);
    const auto stopped = until.finish();
    EXPECT_TRUE(stopped.status.clean()) << stopped.errors;
    EXPECT_THAT(stopped.output, HasSubstr("stopped where step \"crash\" began"));
    EXPECT_THAT(stopped.output, HasSubstr("bytes of console up to there"));
    EXPECT_TRUE(fs::is_empty(folder() / "tmp"));
}

TEST_F(guest_record, tells_that_the_recorder_was_killed) {
    auto killed = start({"run", scenario({boot_step(), {{"name", "wait"}, {"run", "sleep 1000"}}}),
                         "--out", "runs", "--image", "tiny", "--smp", "1", "--record"});
    killed.wait_for_errors("boot shell");
    const auto pid = recorded().event("machine_started")["pid"].get<int>();
    ASSERT_EQ(::kill(pid, SIGKILL), 0);
    killed.finish();
    const auto again = call({"replay", recorded().folder.string(), "--machine"});
    EXPECT_EQ(again.status, (exit_status{false, 6}));
    EXPECT_THAT(again.errors, HasSubstr("the QEMU that recorded it was killed"));
}

TEST_F(guest_record, refuses_what_would_not_come_again) {
    const auto harts =
        call({"run", scenario({boot_step()}), "--image", "tiny", "--smp", "2", "--record"});
    EXPECT_EQ(harts.status, (exit_status{false, 4}));
    EXPECT_THAT(harts.errors, HasSubstr("only a machine of one hart can be recorded"));

    const auto with_secret = write(
        "secret.json", dump(json{{"name", "secret"},
                                 {"params", {{"key", {{"default", "sesame"}, {"secret", true}}}}},
                                 {"steps", {boot_step()}}}));
    const auto secret =
        call({"run", with_secret.string(), "--image", "tiny", "--smp", "1", "--record"});
    EXPECT_EQ(secret.status, (exit_status{false, 4}));
    EXPECT_THAT(secret.errors, HasSubstr("would hold the scenario's secrets"));
}

TEST_F(guest_record, needs_a_record_of_the_machine) {
    machine_arguments.pop_back();
    const auto run = this->run(scenario({boot_step(), {{"poweroff", true}}}));
    ASSERT_EQ(run.result["outcome"], "passed") << run.end.errors;
    const auto again = call({"replay", run.folder.string(), "--machine"});
    EXPECT_EQ(again.status, (exit_status{false, 4}));
    EXPECT_THAT(again.errors, HasSubstr("make one with: qharness run --record"));
}

}  // namespace
}  // namespace qh::integration
