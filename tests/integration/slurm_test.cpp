// `qharness matrix --executor slurm` on a real Slurm.
#include <gmock/gmock.h>
#include <signal.h>

#include <optional>
#include <thread>

#include "night_test.hpp"
#include "slurm_cluster.hpp"

namespace qh::integration {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Three nodes with two guests each.
class slurm : public night_test {
  protected:
    void SetUp() override {
        if (const auto missing = loopback_cluster::missing(); !missing.empty())
            GTEST_SKIP() << missing;
    }

    void start_cluster(std::chrono::seconds node_timeout = std::chrono::minutes(5)) {
        cluster_.emplace(folder() / "cluster", 3, node_timeout);
        variables.merge(cluster_->environment());
    }

    /// Its cells from `first` on wait for the file "go"; all note that they ran.
    std::string matrix_that_waits(int cells, int first = 0) {
        return matrix_of(
            cells, fmt::format("echo {{{{n}}}} >> {0}/began; test {{{{n}}}} -lt {1} || until [ -e "
                               "{0}/go ]; do sleep 0.1; done; {2}",
                               folder().string(), first, note_that_it_ran()));
    }

    void let_them_go() { write("go", ""); }

    void expect_that_each_ran_once(std::size_t cells) {
        EXPECT_EQ(ran().size(), cells);
        for (const auto& [cell, times] : ran()) EXPECT_EQ(times, 1) << cell;
    }

    std::string queue() { return cluster_->call({"squeue", "--noheader"}); }

    void wait_for_lines(const std::string& name, std::size_t count) const {
        const auto end = std::chrono::steady_clock::now() + longest_test;
        const auto file = folder() / name;
        std::size_t lines = 0;
        while (lines < count && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            lines = fs::exists(file) ? split_lines(read_file(file)).size() : 0;
        }
        ASSERT_GE(lines, count) << name;
    }

    std::optional<loopback_cluster> cluster_;
};

TEST_F(slurm, a_night_is_the_same_as_on_one_host) {
    start_cluster();
    const auto command = fmt::format(
        "{0}; case {{{{n}}}} in 3) exit 1;; 4) test -e {1} || ! touch {1};; 5) exit 1;; esac",
        note_that_it_ran(), (folder() / "mark").string());
    const auto file = matrix_of(
        9, command,
        {{"retries", 1},
         {"expect",
          {{{"n", 5}, {"outcome", "failed"}, {"reason", "known"}, {"until", "2999-01-01"}}}},
         {"include", {{{"scenario", "s.json"}, {"memory", "64G"}, {"n", 7}}}}});
    const auto end = call({"matrix", file, "--executor", "slurm", "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 1})) << end.errors;
    const auto found = night(end);
    EXPECT_EQ(found["counts"], (json{{"passed", 6},
                                     {"failed", 1},
                                     {"flaky", 1},
                                     {"expected_failure", 1},
                                     {"infra_error", 1}}))
        << end.errors;
    for (const auto& cell : found["cells"]) {
        if (cell["status"] == "infra_error") {
            EXPECT_THAT(cell["reason"].get<std::string>(), HasSubstr("not available"));
            continue;
        }
        for (const auto& attempt : cell["attempts"]) {
            EXPECT_THAT(attempt["nodes"][0].get<std::string>(), HasSubstr("sim"));
            EXPECT_TRUE(fs::exists(night_folder() / attempt["record"].get<std::string>() /
                                   "journal.jsonl"));
        }
    }
    EXPECT_EQ(ran()["3"], 2);
    EXPECT_EQ(ran()["4"], 2);
    EXPECT_EQ(ran()["5"], 1);
    EXPECT_TRUE(fs::exists(folder() / "runs" / "history.db"));
    EXPECT_EQ(queue(), "");
}

TEST_F(slurm, a_node_that_dies_loses_no_cell) {
    start_cluster(std::chrono::seconds(6));
    auto program = start({"matrix", matrix_that_waits(7), "--executor", "slurm", "--json"});
    program.wait_for_errors("7 cells as job");
    wait_for_lines("began", 6);
    cluster_->kill_node("sim2");
    program.wait_for_errors("lost with sim2, Slurm begins it again");
    let_them_go();
    const auto end = program.finish();
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 7}})) << end.errors;
    expect_that_each_ran_once(7);
    int lost = 0;
    const auto found = night(end);
    for (const auto& cell : found["cells"]) {
        EXPECT_EQ(cell["attempts"].size(), 1u);
        const auto& attempt = cell["attempts"][0];
        if (attempt["nodes"][0] != "sim2") continue;
        ++lost;
        EXPECT_EQ(attempt["nodes"].size(), 2u) << attempt;
        EXPECT_THAT(attempt["reason"].get<std::string>(), HasSubstr("lost with sim2"));
    }
    EXPECT_EQ(lost, 2);
}

TEST_F(slurm, an_interruption_cancels_the_jobs_and_can_be_resumed) {
    start_cluster();
    auto program = start({"matrix", matrix_that_waits(10, 2), "--executor", "slurm", "--json"});
    program.wait_for_errors("2/10");
    wait_for_lines("began", 8);
    program.signal(SIGINT);
    const auto stopped = program.finish();
    EXPECT_EQ(stopped.status, (exit_status{false, 2})) << stopped.errors;
    EXPECT_EQ(night(stopped)["counts"], (json{{"passed", 2}, {"not_run", 8}}));
    EXPECT_EQ(cluster_->call({"squeue", "--noheader", "--states=PENDING,RUNNING"}), "");
    let_them_go();
    const auto end = call({"matrix", "--resume", night_folder().string(), "--json"});
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 10}})) << end.errors;
    expect_that_each_ran_once(10);
}

TEST_F(slurm, failfast_withdraws_what_waits) {
    start_cluster();
    const auto command = fmt::format(
        "test {{{{n}}}} != 0 && until [ -e {}/go ]; do sleep 0.1; done", folder().string());
    auto program =
        start({"matrix", matrix_of(8, command), "--executor", "slurm", "--failfast", "--json"});
    program.wait_for_errors("no more cells are started");
    program.wait_for_errors("not_run");
    let_them_go();
    const auto end = program.finish();
    EXPECT_EQ(end.status, (exit_status{false, 1})) << end.errors;
    const auto found = night(end);
    EXPECT_EQ(found["counts"]["failed"], 1) << end.errors;
    EXPECT_GE(found["counts"]["passed"], 5) << end.errors;
    EXPECT_GE(found["counts"]["not_run"], 1) << end.errors;
}

TEST_F(slurm, a_night_that_was_killed_finds_its_jobs_again) {
    start_cluster();
    auto program =
        start({"matrix", matrix_that_waits(12, 4), "--executor", "slurm", "--jobs", "8"});
    program.wait_for_errors("4/12");
    wait_for_lines("began", 10);
    program.signal(SIGKILL);
    program.finish();
    let_them_go();
    const auto end = call({"matrix", "--resume", night_folder().string(), "--json"});
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    EXPECT_EQ(night(end)["counts"], (json{{"passed", 12}}));
    expect_that_each_ran_once(12);
    // The four that were done and the six that ran were not begun anew.
    std::size_t first_attempts = 0;
    const auto found = night(end);
    for (const auto& cell : found["cells"])
        if (cell["attempts"][0]["record"].get<std::string>().find("/attempt-1/") !=
            std::string::npos)
            ++first_attempts;
    EXPECT_GE(first_attempts, 10u);
}

}  // namespace
}  // namespace qh::integration
