// What attempts come to, and what that means for the night.
#include "matrix/cell_outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qh {
namespace {

using testing::HasSubstr;

constexpr auto today = "2026-11-26";

std::vector<cell_attempt> attempts(const std::vector<const char*>& outcomes) {
    std::vector<cell_attempt> all;
    for (const auto* outcome : outcomes) all.push_back({outcome, "because", "", 1, false});
    return all;
}

TEST(cell_outcome_test, is_what_the_attempts_say_together) {
    const std::pair<std::vector<const char*>, const char*> cases[] = {
        {{}, "not_run"},
        {{"passed"}, "passed"},
        {{"failed", "passed"}, "flaky"},
        {{"infra_error", "passed"}, "passed"},
        {{"failed", "infra_error", "passed"}, "flaky"},
        {{"failed", "hung"}, "hung"},
        {{"panicked", "infra_error"}, "panicked"},
        {{"infra_error", "infra_error"}, "infra_error"},
        {{"failed", "interrupted"}, "interrupted"},
    };
    for (const auto& [outcomes, told] : cases)
        EXPECT_EQ(outcome_of(attempts(outcomes)).outcome, told);
}

TEST(cell_outcome_test, a_flaky_one_tells_what_had_failed) {
    EXPECT_EQ(outcome_of(attempts({"infra_error", "failed", "passed"})).reason,
              "passed at attempt 3 (attempt 2: failed: because)");
}

cell expecting(std::vector<std::string> outcomes, const char* until) {
    cell one;
    one.expected = {std::move(outcomes), "known", until};
    return one;
}

TEST(cell_status_test, an_expectation_holds_up_to_its_day_and_for_its_outcomes_only) {
    const auto still = expecting({"hung", "timed_out"}, today);
    EXPECT_EQ(status_of(still, "hung", today), cell_status::expected_failure);
    EXPECT_EQ(status_of(still, "timed_out", today), cell_status::expected_failure);
    EXPECT_EQ(status_of(still, "panicked", today), cell_status::failed);
    EXPECT_EQ(status_of(still, "passed", today), cell_status::passed);
    EXPECT_TRUE(passed_unexpectedly(still, "passed", today));
    const auto expired = expecting({"hung"}, "2026-11-25");
    EXPECT_EQ(status_of(expired, "hung", today), cell_status::failed);
    EXPECT_FALSE(passed_unexpectedly(expired, "passed", today));
}

TEST(cell_status_test, quarantine_takes_failures_but_hides_no_flake) {
    cell one;
    one.quarantine = "new board";
    EXPECT_EQ(status_of(one, "panicked", today), cell_status::quarantined);
    EXPECT_EQ(status_of(one, "infra_error", today), cell_status::quarantined);
    EXPECT_EQ(status_of(one, "flaky", today), cell_status::flaky);
    EXPECT_EQ(status_of(one, "passed", today), cell_status::passed);
}

TEST(cell_status_test, decides_the_exit_code) {
    using s = cell_status;
    EXPECT_EQ(exit_code({s::passed, s::flaky, s::expected_failure, s::quarantined}, false), 0);
    EXPECT_EQ(exit_code({s::infra_error, s::passed, s::failed}, false), 1);
    EXPECT_EQ(exit_code({s::infra_error, s::passed}, false), 6);
    EXPECT_EQ(exit_code({s::not_run, s::passed}, false), 6);
    EXPECT_EQ(exit_code({s::not_run, s::failed}, true), 2);
}

TEST(is_decided_test, tells_what_a_resumed_night_need_not_run_again) {
    cell one;
    one.settings.retries = 1;
    EXPECT_FALSE(is_decided(one, {}, today));
    EXPECT_FALSE(is_decided(one, attempts({"failed"}), today));
    EXPECT_FALSE(is_decided(one, attempts({"failed", "interrupted"}), today));
    EXPECT_TRUE(is_decided(one, attempts({"passed"}), today));
    EXPECT_TRUE(is_decided(one, attempts({"failed", "failed"}), today));
    auto impossible = attempts({"infra_error"});
    impossible[0].impossible = true;
    EXPECT_TRUE(is_decided(one, impossible, today));
    one.expected = {{"failed"}, "known", today};
    EXPECT_TRUE(is_decided(one, attempts({"failed"}), today));
}

}  // namespace
}  // namespace qh
