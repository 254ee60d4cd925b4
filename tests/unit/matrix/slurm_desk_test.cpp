// The account between a night and Slurm, without Slurm and without a clock.
#include "matrix/slurm_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class slurm_desk_test : public testing::Test {
  protected:
    /// Orders cells of these names, which go as one batch "n.0", and has it submitted.
    void submit(const std::vector<std::string>& cells) {
        for (const auto& cell : cells) desk.order(order_of(cell));
        desk.take_batches(now);
        for (std::size_t i = 0; i < cells.size(); ++i) set(i, "PENDING");
    }

    static attempt_order order_of(const std::string& cell) {
        attempt_order order;
        order.cell = cell;
        order.longest = 10min;
        return order;
    }

    void set(std::size_t index, const std::string& state, const std::string& reason = "None") {
        if (queue.size() <= index) queue.resize(index + 1);
        auto& task = queue[index];
        task.job = "n.0";
        task.index = index;
        task.id = "17_" + std::to_string(index);
        task.state = state;
        task.reason = reason;
        task.node = state == "PENDING" ? "" : "node" + std::to_string(index);
    }

    /// Looks at the queue after so long; what has ended since.
    std::vector<slurm_end> look(Duration later = 1s) {
        now += later;
        desk.see(queue, now,
                 [&](const attempt_order& order) { return results.contains(order.cell); });
        return desk.take_ended();
    }

    slurm_desk desk{{"", 8, 1000}, "n", 0};
    slurm_desk::time now{1000s};
    std::vector<slurm_task> queue;
    std::set<std::string> results;  ///< of these cells there is a result
};

TEST_F(slurm_desk_test, follows_a_task_to_its_result) {
    submit({"a", "b"});
    EXPECT_THAT(desk.jobs(), ElementsAre("n.0"));
    EXPECT_THAT(look(), IsEmpty());
    set(0, "RUNNING");
    EXPECT_THAT(look(), IsEmpty());
    set(0, "COMPLETED");
    results = {"a"};
    const auto ended = look();
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_EQ(ended[0].order.cell, "a");
    EXPECT_FALSE(ended[0].told_to_end);
    EXPECT_EQ(ended[0].how, "Slurm's job 17_0 ended as COMPLETED on node0");
    EXPECT_FALSE(desk.idle());
}

TEST_F(slurm_desk_test, waits_a_while_for_a_result_that_a_shared_directory_may_hold_back) {
    submit({"a"});
    set(0, "FAILED");
    EXPECT_THAT(look(), IsEmpty());
    EXPECT_THAT(look(30s), IsEmpty());
    EXPECT_EQ(look(31s).size(), 1u);
    EXPECT_TRUE(desk.idle());
}

TEST_F(slurm_desk_test, does_not_wait_for_the_result_of_what_slurm_has_ended) {
    for (const auto* state : {"TIMEOUT", "OUT_OF_MEMORY", "NODE_FAIL", "CANCELLED"}) {
        desk = slurm_desk({"", 8, 1000}, "n", 0);
        submit({"a"});
        set(0, state);
        const auto ended = look();
        ASSERT_EQ(ended.size(), 1u) << state;
        EXPECT_THAT(ended[0].how, HasSubstr(state));
    }
}

TEST_F(slurm_desk_test, a_task_that_slurm_has_forgotten_is_over) {
    submit({"a"});
    queue.clear();
    results = {"a"};
    EXPECT_EQ(look().size(), 1u);
}

TEST_F(slurm_desk_test, says_so_when_a_task_begins_again) {
    submit({"a"});
    set(0, "RUNNING");
    look();
    set(0, "PENDING", "BeginTime");
    EXPECT_THAT(look(), IsEmpty());
    EXPECT_THAT(desk.take_messages(), ElementsAre("a: lost with node0, Slurm begins it again"));
    look();
    EXPECT_THAT(desk.take_messages(), IsEmpty());
}

TEST_F(slurm_desk_test, a_refused_batch_is_over_in_slurm_s_words) {
    desk.order(order_of("a"));
    desk.order(order_of("b"));
    EXPECT_EQ(desk.take_batches(now).size(), 1u);
    desk.refuse(0, "no such partition");
    const auto ended = desk.take_ended();
    ASSERT_EQ(ended.size(), 2u);
    EXPECT_EQ(ended[1].how, "no such partition");
    EXPECT_TRUE(desk.idle());
}

TEST_F(slurm_desk_test, gives_up_and_cancels_what_waits_in_vain) {
    submit({"a", "b"});
    set(0, "PENDING", "PartitionTimeLimit");
    EXPECT_THAT(look(), IsEmpty());
    EXPECT_THAT(desk.take_cancellations().kill, ElementsAre("17_0"));
    set(0, "CANCELLED");
    const auto ended = look();
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_THAT(ended[0].how, HasSubstr("PartitionTimeLimit"));
    look(23h);
    EXPECT_THAT(desk.take_cancellations().kill, IsEmpty());
    look(1h);
    EXPECT_THAT(desk.take_cancellations().kill, ElementsAre("17_1"));
}

TEST_F(slurm_desk_test, what_is_given_up_is_not_over_before_it_is_cancelled) {
    submit({"a"});
    set(0, "PENDING", "PartitionTimeLimit");
    look();
    desk.take_cancellations();
    // Slurm did not take it, and has begun the task meanwhile.
    set(0, "RUNNING");
    EXPECT_THAT(look(), IsEmpty());
    EXPECT_THAT(desk.take_cancellations().kill, ElementsAre("17_0"));
    EXPECT_THAT(look(9min), IsEmpty());
    const auto ended = look(1min);
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_THAT(ended[0].how, HasSubstr("PartitionTimeLimit"));
    EXPECT_TRUE(desk.idle());
}

TEST_F(slurm_desk_test, gives_up_what_slurm_lets_run_far_beyond_its_limit) {
    submit({"a"});
    set(0, "RUNNING");
    look();
    EXPECT_THAT(look(1h), IsEmpty());
    EXPECT_THAT(look(10min), IsEmpty());
    EXPECT_THAT(desk.take_cancellations().kill, ElementsAre("17_0"));
    set(0, "CANCELLED");
    const auto ended = look();
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_THAT(ended[0].how, HasSubstr("after its time limit"));
}

TEST_F(slurm_desk_test, a_withdrawal_leaves_what_runs_alone) {
    submit({"a", "b"});
    set(0, "RUNNING");
    look();
    desk.withdraw(now);
    look();
    const auto unwanted = desk.take_cancellations();
    EXPECT_THAT(unwanted.waiting, ElementsAre("17_1"));
    EXPECT_THAT(unwanted.interrupt, IsEmpty());
    EXPECT_THAT(unwanted.kill, IsEmpty());
    set(1, "CANCELLED");
    const auto ended = look();
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_TRUE(ended[0].told_to_end);
    desk.order(order_of("c"));
    EXPECT_THAT(desk.take_batches(now), IsEmpty());
    EXPECT_EQ(desk.take_ended().size(), 1u);
}

TEST_F(slurm_desk_test, an_interruption_signals_each_running_task_until_slurm_has_taken_it) {
    submit({"a", "b"});
    set(0, "RUNNING");
    look();
    desk.interrupt(now);
    look();
    auto unwanted = desk.take_cancellations();
    EXPECT_THAT(unwanted.waiting, ElementsAre("17_1"));
    EXPECT_THAT(unwanted.interrupt, ElementsAre("17_0"));
    desk.note_interrupted(unwanted.interrupt);
    // A task that began before its cancellation came is signalled as well.
    set(1, "RUNNING");
    look();
    unwanted = desk.take_cancellations();
    EXPECT_THAT(unwanted.waiting, IsEmpty());
    EXPECT_THAT(unwanted.interrupt, ElementsAre("17_1"));
    // Slurm did not take that.
    look();
    unwanted = desk.take_cancellations();
    EXPECT_THAT(unwanted.interrupt, ElementsAre("17_1"));
    desk.note_interrupted(unwanted.interrupt);
    look();
    EXPECT_THAT(desk.take_cancellations().interrupt, IsEmpty());
}

TEST_F(slurm_desk_test, what_does_not_end_is_killed_and_then_left) {
    submit({"a"});
    set(0, "RUNNING");
    look();
    desk.interrupt(now);
    EXPECT_THAT(look(4min), IsEmpty());
    EXPECT_THAT(desk.take_cancellations().kill, IsEmpty());
    EXPECT_THAT(look(1min), IsEmpty());
    EXPECT_THAT(desk.take_cancellations().kill, ElementsAre("17_0"));
    const auto ended = look(1min);
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_TRUE(ended[0].told_to_end);
}

TEST_F(slurm_desk_test, bears_with_a_silent_slurm_for_some_minutes) {
    submit({"a"});
    desk.see_silence("connection refused", now);
    desk.see_silence("connection refused", now + 9min);
    EXPECT_THAT(desk.take_ended(), IsEmpty());
    look();
    desk.see_silence("connection refused", now + 9min);
    EXPECT_THAT(desk.take_ended(), IsEmpty());
    desk.see_silence("connection refused", now + 19min);
    const auto ended = desk.take_ended();
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_THAT(ended[0].how, HasSubstr("connection refused"));
}

TEST_F(slurm_desk_test, a_killed_night_need_not_wait_for_a_silent_slurm) {
    submit({"a"});
    desk.kill(now);
    desk.see_silence("connection refused", now + 59s);
    EXPECT_THAT(desk.take_ended(), IsEmpty());
    desk.see_silence("connection refused", now + 60s);
    EXPECT_EQ(desk.take_ended().size(), 1u);
}

TEST_F(slurm_desk_test, follows_what_an_earlier_process_has_submitted) {
    desk = slurm_desk({"", 8, 1000}, "n", 2);
    desk.follow(order_of("a"), 0, 3, now);
    desk.order(order_of("b"));
    const auto batches = desk.take_batches(now);
    ASSERT_EQ(batches.size(), 1u);
    EXPECT_EQ(batches[0].number, 2u);
    EXPECT_THAT(desk.jobs(), ElementsAre("n.0", "n.2"));
    set(3, "COMPLETED");
    results = {"a"};
    const auto ended = look();
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_EQ(ended[0].order.cell, "a");
}

TEST_F(slurm_desk_test, asks_the_less_often_the_longer_nothing_happens) {
    submit({"a"});
    look();
    EXPECT_EQ(desk.pause(now), 1s);
    EXPECT_EQ(desk.pause(now + 20s), 5s);
    EXPECT_EQ(desk.pause(now + 1h), 10s);
}

TEST_F(slurm_desk_test, tells_now_and_then_how_many_wait) {
    submit({"a", "b"});
    set(0, "RUNNING");
    set(1, "PENDING", "Resources");
    look();
    EXPECT_THAT(desk.take_messages(), IsEmpty());
    look(61s);
    EXPECT_THAT(desk.take_messages(), ElementsAre("Slurm: 1 running, 1 waiting (Resources)"));
    look(61s);
    EXPECT_THAT(desk.take_messages(), IsEmpty());
    set(1, "PENDING", "Priority");
    look();
    EXPECT_THAT(desk.take_messages(), ElementsAre("Slurm: 1 running, 1 waiting (Priority)"));
}

}  // namespace
}  // namespace qh
