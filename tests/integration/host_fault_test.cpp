// What befalls qharness itself: signals, and places where nothing can be written.
#include <gmock/gmock.h>
#include <signal.h>

#include <memory>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class host_fault : public fake_qemu_test {
  protected:
    /// A run that is in the middle of the step "long".
    std::unique_ptr<child_program> start_long_run() const {
        play_guest({shell_action()});
        const auto file = scenario({boot_step(),
                                    {{"name", "ready"}, {"run", "true"}},
                                    {{"name", "long"}, {"run", "sleep 1000"}},
                                    {{"name", "after"}, {"run", "true"}}});
        std::vector<std::string> arguments = {"run", file, "--out", "runs"};
        arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
        arguments.insert(arguments.begin(), QHARNESS_PROGRAM);
        auto program = std::make_unique<child_program>(arguments, folder(), variables);
        program->wait_for_errors("ok    ready");
        return program;
    }

    void expect_interrupted_by(int signal) const {
        auto program = start_long_run();
        program->signal(signal);
        const auto end = program->finish();
        const auto run = recorded();
        EXPECT_EQ(end.status, (exit_status{false, 2})) << end.errors;
        EXPECT_EQ(run.result["outcome"], "interrupted");
        EXPECT_THAT(run.result["reason"].get<std::string>(), HasSubstr("\"long\""));
        EXPECT_EQ(run.step("after")["outcome"], "not_run");
        EXPECT_TRUE(wait_until_gone(run.event("machine_started")["pid"]));
    }

    program_end run_with_out(const std::string& out) const {
        play_guest({shell_action()});
        std::vector<std::string> arguments = {"run", scenario({boot_step()}), "--out", out};
        arguments.insert(arguments.end(), machine_arguments.begin(), machine_arguments.end());
        return call(arguments);
    }
};

TEST_F(host_fault, ctrl_c_in_mid_step_ends_qemu_and_records_the_interruption) {
    expect_interrupted_by(SIGINT);
}

TEST_F(host_fault, sigterm_in_mid_step_ends_qemu_and_records_the_interruption) {
    expect_interrupted_by(SIGTERM);
}

TEST_F(host_fault, a_closed_terminal_in_mid_step_ends_qemu_and_records_the_interruption) {
    expect_interrupted_by(SIGHUP);
}

TEST_F(host_fault, ctrl_c_before_qemu_answers_ends_it) {
    play_start({{{"stderr", "the fake waits\n"}}, {{"stay", true}}});
    auto program = start({"run", scenario({boot_step()}), "--out", "runs", "--qemu", FAKE_QEMU,
                          "--kernel", "kernel"});
    program.wait_for_errors("the fake waits");
    program.signal(SIGINT);
    EXPECT_EQ(program.finish().status, (exit_status{false, 2}));
    EXPECT_EQ(recorded().result["outcome"], "interrupted");
}

TEST_F(host_fault, qharness_killed_leaves_no_qemu_and_a_journal_that_parses) {
    auto program = start_long_run();
    program->signal(SIGKILL);
    program->finish();
    const auto run = recorded();
    EXPECT_TRUE(wait_until_gone(run.event("machine_started")["pid"]));
    EXPECT_FALSE(fs::exists(run.folder / "result.json"));
    EXPECT_EQ(run.journal.front()["type"], "run_started");
}

TEST_F(host_fault, a_file_in_the_place_of_the_output_folder_is_an_infra_error_that_names_it) {
    const auto end = run_with_out(write("taken", "").string());
    EXPECT_EQ(end.status, (exit_status{false, 6}));
    EXPECT_THAT(end.errors, HasSubstr((folder() / "taken").string()));
    EXPECT_THAT(end.errors, HasSubstr("--out"));
}

TEST_F(host_fault, an_output_folder_that_cannot_be_written_is_an_infra_error_that_names_it) {
    const auto end = run_with_out("/proc");  // closed to root as well
    EXPECT_EQ(end.status, (exit_status{false, 6}));
    EXPECT_THAT(end.errors, HasSubstr("the run's folder in /proc"));
}

TEST_F(host_fault, a_full_disk_is_an_infra_error_that_says_so_and_leaves_no_qemu) {
    const std::vector<std::string> namespaces = {"/usr/bin/unshare", "-Urm"};
    auto probe = namespaces;
    probe.insert(probe.end(), {"mount", "-t", "tmpfs", "tmpfs", "/mnt"});
    if (!run_program(probe, folder()).status.clean())
        GTEST_SKIP() << "no small file system can be mounted in a user namespace here";
    play_guest({{{"print", "x"}, {"times", 1 << 20}}, {{"stay", true}}});
    fs::create_directory(folder() / "small");
    auto command = namespaces;
    command.insert(command.end(),
                   {"sh", "-c", "mount -t tmpfs -o size=256k tmpfs small && exec \"$@\"", "sh",
                    QHARNESS_PROGRAM, "run", scenario({{{"expect", "never printed"}}}), "--out",
                    "small", "--qemu", FAKE_QEMU, "--kernel", "kernel"});
    const auto end = run_program(command, folder(), variables);
    EXPECT_EQ(end.status, (exit_status{false, 6})) << end.errors;
    EXPECT_THAT(end.errors, HasSubstr("No space left on device"));
    EXPECT_THAT(end.errors, HasSubstr("cannot write small/"));
}

}  // namespace
}  // namespace qh::integration
