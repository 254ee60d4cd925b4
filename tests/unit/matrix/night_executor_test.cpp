// Where a night can run, by name.
#include "matrix/night_executor.hpp"

#include <gmock/gmock.h>

#include "matrix/local_executor.hpp"
#include "matrix/night.hpp"
#include "support/errors.hpp"
#include "support/fake_programs.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(make_executor_test, makes_each_executor_that_has_a_name) {
    EXPECT_THAT(executor_names(), ElementsAre("local", "slurm"));
    for (const auto& name : executor_names()) EXPECT_EQ(make_executor(name)->name(), name);
}

TEST(make_executor_test, refuses_a_name_that_it_does_not_know) {
    try {
        make_executor("slurn");
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.kind(), fault::usage);
        EXPECT_STREQ(e.what(),
                     "there is no executor \"slurn\", only local, slurm; did you mean \"slurm\"?");
    }
    EXPECT_EQ(test::message_of([] { make_executor("kubernetes"); }),
              "there is no executor \"kubernetes\", only local, slurm");
}

TEST(night_executor_test, this_host_runs_a_cell_on_each_core_and_a_cluster_as_many_as_there_are) {
    EXPECT_EQ(make_executor("local")->limits(0).jobs, host_cores());
    EXPECT_LT(make_executor("local")->limits(0).memory_bytes, UINT64_MAX);
    EXPECT_EQ(make_executor("slurm")->limits(0).jobs, most_cells);
    for (const auto& name : executor_names()) EXPECT_EQ(make_executor(name)->limits(3).jobs, 3u);
}

class slurm_night_executor_test : public test::with_fake_programs {};

TEST_F(slurm_night_executor_test, asks_once_of_cells_that_need_the_same) {
    program("scontrol", "echo 'MaxArraySize = 1001'");
    program("sinfo", "echo 8");
    program("sbatch",
            "echo asked >>asked\n"
            "case \"$*\" in *--mem=64M*) exit 0;; esac\n"
            "echo 'allocation failure: too large' >&2; exit 1");
    std::vector<night_cell> cells(4);
    for (auto& cell : cells) cell.load.memory_bytes = 64 << 20;
    cells[1].load.memory_bytes = cells[2].load.memory_bytes = 128 << 20;
    cells[3].impossible = "QEMU refuses it";
    const auto executor = make_executor("slurm");
    executor->connect();
    std::vector<std::string> said;
    executor->refuse_impossible(cells, [&](const std::string& text) { said.push_back(text); });
    EXPECT_EQ(cells[0].impossible, "");
    EXPECT_THAT(cells[1].impossible, HasSubstr("too large"));
    EXPECT_EQ(cells[2].impossible, cells[1].impossible);
    EXPECT_EQ(cells[3].impossible, "QEMU refuses it");
    EXPECT_THAT(said, ElementsAre(cells[1].impossible));
    EXPECT_EQ(read_file(folder() / "asked"), "asked\nasked\n");
}

}  // namespace
}  // namespace qh
