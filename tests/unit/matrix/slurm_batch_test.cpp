// What Slurm is asked to do, and what its tasks do.
#include "matrix/slurm_batch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "base/text.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t mib = 1u << 20;

slurm_cluster cluster_of(std::size_t longest_array = 1000) {
    return {"--gres=guest:1", 8, longest_array};
}

attempt_order order_of(const std::string& cell, unsigned harts = 1,
                       std::uint64_t memory_mib = 512) {
    attempt_order order;
    order.cell = cell;
    order.load.harts = harts;
    order.load.memory_bytes = memory_mib * mib;
    order.longest = std::chrono::seconds(90);
    order.argv = {"qharness", "run", "s.json", "--set=text=it's $HOME"};
    return order;
}

std::vector<std::string> cells_of(const slurm_batch& batch) {
    std::vector<std::string> cells;
    for (const auto& order : batch.attempts) cells.push_back(order.cell);
    return cells;
}

TEST(slurm_batch_test, finds_what_limits_guests) {
    const auto option = [](std::string_view config) {
        return read_cluster(config, "2\n16\n4+\n").guest_option;
    };
    EXPECT_EQ(option("GresTypes               = gpu,guest\n"), "--gres=guest:1");
    EXPECT_EQ(option("GresTypes = (null)\nLicenses = ansys:2,guest:8\n"), "--licenses=guest:1");
    EXPECT_EQ(option("GresTypes = guests\nLicenses = (null)\n"), "");
}

TEST(slurm_batch_test, knows_the_largest_node_and_the_longest_array) {
    EXPECT_EQ(read_cluster("", "2\n16\n4+\n").most_cpus, 16u);
    EXPECT_EQ(read_cluster("MaxArraySize            = 101\n", "2\n").longest_array, 101u);
    EXPECT_EQ(read_cluster("MaxArraySize = 4000001\n", "2\n").longest_array, 1000u);
}

TEST(slurm_batch_test, asks_for_what_a_cell_needs) {
    EXPECT_THAT(needs_of(order_of("a", 2, 713), cluster_of()),
                ElementsAre("--nodes=1", "--ntasks=1", "--cpus-per-task=2", "--mem=713M",
                            "--time=7", "--gres=guest:1"));
    EXPECT_THAT(needs_of(order_of("a", 64), cluster_of()), Contains("--cpus-per-task=8"));
    EXPECT_THAT(needs_of(order_of("a"), {"", 8, 1000}), Not(Contains(HasSubstr("guest"))));
}

TEST(slurm_batch_test, puts_equal_needs_into_one_array) {
    const auto batches = make_batches(
        {order_of("a"), order_of("b", 2), order_of("c"), order_of("d", 2)}, cluster_of(), 5);
    ASSERT_EQ(batches.size(), 2u);
    EXPECT_EQ(batches[0].number, 5u);
    EXPECT_THAT(cells_of(batches[0]), ElementsAre("a", "c"));
    EXPECT_EQ(batches[1].number, 6u);
    EXPECT_THAT(cells_of(batches[1]), ElementsAre("b", "d"));
}

TEST(slurm_batch_test, makes_no_array_longer_than_the_cluster_takes) {
    const auto batches =
        make_batches({order_of("a"), order_of("b"), order_of("c")}, cluster_of(2), 0);
    ASSERT_EQ(batches.size(), 2u);
    EXPECT_THAT(cells_of(batches[0]), ElementsAre("a", "b"));
    EXPECT_THAT(cells_of(batches[1]), ElementsAre("c"));
}

TEST(slurm_batch_test, submits_an_array_under_the_name_of_night_and_batch) {
    const slurm_batch batch = {3, {order_of("a"), order_of("b")}};
    EXPECT_THAT(
        submission_of(batch, "night-1", cluster_of(), "/n/slurm-3.sh", "/here"),
        ElementsAre("sbatch", "--parsable", "--job-name=night-1.3", "--array=0-1", "--nodes=1",
                    "--ntasks=1", "--cpus-per-task=1", "--mem=512M", "--time=7", "--gres=guest:1",
                    "--requeue", "--output=/dev/null", "--chdir=/here", "/n/slurm-3.sh"));
}

/// Runs a batch's script as Slurm would.
class slurm_script : public testing::Test {
  protected:
    void run(const std::string& node, const std::string& task) {
        slurm_batch batch = {0, {order_of("other"), order_of("cell")}};
        for (auto& order : batch.attempts) {
            order.folder = at(order.cell);
            order.log = at(order.cell + ".log");
            order.argv = {"/bin/sh", "-c", "echo \"$1\"; echo oops >&2", "run", "it's $HOME"};
        }
        write_file_atomically(at("script"), script_of(batch, "night"));
        tool_command command;
        command.argv = {"/bin/sh", at("script")};
        command.environment = {{"SLURMD_NODENAME", node}, {"SLURM_ARRAY_TASK_ID", task}};
        run_tool(command);
    }

    fs::path at(const std::string& name) const { return folder_.path() / name; }

    temporary_directory folder_{fs::temp_directory_path(), "qharness-test"};
};

TEST_F(slurm_script, runs_the_task_s_attempt_with_its_words_as_they_are) {
    run("node7", "1");
    EXPECT_EQ(read_file(at("cell.log")), "it's $HOME\noops\n");
    EXPECT_EQ(read_file(nodes_file(at("cell"))), "node7\n");
    EXPECT_TRUE(fs::is_directory(folder_of_restart(at("cell"), 1)));
    EXPECT_FALSE(fs::exists(at("other")));
}

TEST_F(slurm_script, a_restart_has_a_folder_of_its_own) {
    run("node7", "1");
    run("node8", "1");
    EXPECT_EQ(read_file(nodes_file(at("cell"))), "node7\nnode8\n");
    EXPECT_NE(folder_of_restart(at("cell"), 2), at("cell"));
    EXPECT_TRUE(fs::is_directory(folder_of_restart(at("cell"), 2)));
}

}  // namespace
}  // namespace qh
