// What Slurm tells of its jobs.
#include "matrix/slurm_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

slurm_task task_in(const std::string& state, const std::string& reason = "None") {
    slurm_task task;
    task.state = state;
    task.reason = reason;
    task.id = "17_3";
    task.node = "sim2";
    return task;
}

TEST(slurm_queue_test, asks_for_all_states_of_the_jobs) {
    EXPECT_THAT(queue_question({"n.0", "n.2"}),
                ElementsAre("squeue", "--noheader", "--array", "--states=all", "--name=n.0,n.2",
                            "--format=%j;%K;%F;%T;%N;%r"));
}

TEST(slurm_queue_test, reads_the_answer_and_leaves_out_what_is_no_task) {
    const auto tasks = read_queue(
        "n.0;3;17;RUNNING;sim2;None\n"
        "n.0;4;17;PENDING;;launch failed requeued held\n"
        "n.1;N/A;18;PENDING;;None\n"
        "slurm_load_jobs error; who knows\n");
    ASSERT_EQ(tasks.size(), 2u);
    EXPECT_EQ(tasks[0].job, "n.0");
    EXPECT_EQ(tasks[0].index, 3u);
    EXPECT_EQ(tasks[0].id, "17_3");
    EXPECT_EQ(tasks[0].node, "sim2");
    EXPECT_EQ(tasks[1].reason, "launch failed requeued held");
    EXPECT_TRUE(tasks[1].is_hopeless());
}

TEST(slurm_queue_test, knows_what_waits_what_runs_and_what_is_over) {
    for (const auto* state : {"PENDING", "REQUEUED", "REQUEUE_HOLD", "SPECIAL_EXIT"})
        EXPECT_EQ(task_in(state).phase(), slurm_phase::waiting) << state;
    for (const auto* state :
         {"RUNNING", "CONFIGURING", "COMPLETING", "SUSPENDED", "SIGNALING", "A_STATE_OF_TOMORROW"})
        EXPECT_EQ(task_in(state).phase(), slurm_phase::running) << state;
    for (const auto* state : {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL",
                              "OUT_OF_MEMORY", "BOOT_FAIL", "DEADLINE", "PREEMPTED", "REVOKED"})
        EXPECT_EQ(task_in(state).phase(), slurm_phase::ended) << state;
}

TEST(slurm_queue_test, gives_up_only_what_waits_for_the_impossible) {
    EXPECT_TRUE(task_in("PENDING", "PartitionTimeLimit").is_hopeless());
    EXPECT_FALSE(task_in("PENDING", "Resources").is_hopeless());
    EXPECT_FALSE(task_in("RUNNING", "PartitionTimeLimit").is_hopeless());
}

TEST(slurm_queue_test, says_where_and_how) {
    EXPECT_EQ(task_in("OUT_OF_MEMORY").text(), "Slurm's job 17_3 ended as OUT_OF_MEMORY on sim2");
    EXPECT_EQ(task_in("PENDING", "BadConstraints").text(),
              "Slurm's job 17_3 waits: BadConstraints");
}

}  // namespace
}  // namespace qh
