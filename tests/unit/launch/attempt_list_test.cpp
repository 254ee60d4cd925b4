#include "launch/attempt_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qh {
namespace {

using testing::HasSubstr;

verdict with(run_outcome outcome) {
    return {outcome, outcome == run_outcome::passed ? "" : "it broke"};
}

TEST(attempt_list, only_what_did_not_pass_and_was_not_interrupted_is_tried_again) {
    for (const auto outcome :
         {run_outcome::failed, run_outcome::timed_out, run_outcome::hung, run_outcome::panicked,
          run_outcome::crashed, run_outcome::reset, run_outcome::infra_error}) {
        attempt_list attempts(1);
        attempts.add(with(outcome), "a");
        EXPECT_TRUE(attempts.goes_on()) << name_of(outcome);
        attempts.add(with(outcome), "b");
        EXPECT_FALSE(attempts.goes_on()) << name_of(outcome);
    }
    for (const auto outcome : {run_outcome::passed, run_outcome::interrupted}) {
        attempt_list attempts(5);
        attempts.add(with(outcome), "a");
        EXPECT_FALSE(attempts.goes_on()) << name_of(outcome);
    }
}

TEST(attempt_list, without_retries_there_is_one_attempt_and_nothing_to_tell) {
    attempt_list attempts(0);
    EXPECT_TRUE(attempts.goes_on());
    EXPECT_TRUE(attempts.next_is_last());
    attempts.add(with(run_outcome::failed), "a");
    EXPECT_FALSE(attempts.goes_on());
    EXPECT_FALSE(attempts.told());
}

TEST(attempt_list, a_pass_after_a_failure_is_flaky) {
    attempt_list attempts(2);
    attempts.add(with(run_outcome::panicked), "runs/a");
    EXPECT_FALSE(attempts.next_is_last());
    attempts.add(with(run_outcome::passed), "runs/b");
    const auto told = attempts.told();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->outcome, "flaky");
    EXPECT_THAT(told->reason.value(), HasSubstr("panicked: it broke"));
    EXPECT_EQ(told->attempts[0],
              (json{{"outcome", "panicked"}, {"reason", "it broke"}, {"record", "runs/a"}}));
}

TEST(attempt_list, failures_without_a_pass_keep_the_last_ones_outcome) {
    attempt_list attempts(1);
    attempts.add(with(run_outcome::hung), "a");
    attempts.add(with(run_outcome::failed), "b");
    EXPECT_FALSE(attempts.told()->outcome);
    EXPECT_EQ(attempts.told()->attempts.size(), 2u);
}

}  // namespace
}  // namespace qh
