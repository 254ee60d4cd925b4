// What attempts come to, and what that means for the night.
#include "matrix/cell_outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qh {
namespace {

using testing::HasSubstr;

constexpr auto today = "2026-11-26";

using run = run_outcome;

std::vector<cell_attempt> attempts(const std::vector<run_outcome>& outcomes) {
    std::vector<cell_attempt> all;
    for (const auto outcome : outcomes) all.push_back({outcome, "because", "", 1});
    return all;
}

TEST(cell_outcome_test, is_what_the_attempts_say_together) {
    const std::pair<std::vector<run_outcome>, cell_outcome> cases[] = {
        {{}, cell_outcome::not_run},
        {{run::passed}, cell_outcome::passed},
        {{run::failed, run::passed}, cell_outcome::flaky},
        {{run::infra_error, run::passed}, cell_outcome::passed},
        {{run::failed, run::infra_error, run::passed}, cell_outcome::flaky},
        {{run::failed, run::hung}, cell_outcome::hung},
        {{run::panicked, run::infra_error}, cell_outcome::panicked},
        {{run::infra_error, run::infra_error}, cell_outcome::infra_error},
        {{run::failed, run::interrupted}, cell_outcome::interrupted},
    };
    for (const auto& [outcomes, told] : cases)
        EXPECT_EQ(verdict_of(attempts(outcomes)).outcome, told) << name_of(told);
}

TEST(cell_outcome_test, a_cell_can_end_as_every_run_can) {
    for (const auto name : names_of<run_outcome>())
        EXPECT_EQ(name_of(as_cell_outcome(enum_named<run_outcome>(name).value())), name);
}

TEST(cell_outcome_test, a_flaky_one_tells_what_had_failed) {
    EXPECT_EQ(verdict_of(attempts({run::infra_error, run::failed, run::passed})).reason,
              "passed at attempt 3 (attempt 2: failed: because)");
}

cell expecting(std::vector<run_outcome> outcomes, const char* until) {
    cell one;
    one.expected = {std::move(outcomes), "known", until};
    return one;
}

TEST(cell_status_test, an_expectation_holds_up_to_its_day_and_for_its_outcomes_only) {
    const auto still = expecting({run::hung, run::timed_out}, today);
    EXPECT_EQ(status_of(still, cell_outcome::hung, today), cell_status::expected_failure);
    EXPECT_EQ(status_of(still, cell_outcome::timed_out, today), cell_status::expected_failure);
    EXPECT_EQ(status_of(still, cell_outcome::panicked, today), cell_status::failed);
    EXPECT_EQ(status_of(still, cell_outcome::passed, today), cell_status::passed);
    EXPECT_TRUE(passed_unexpectedly(still, cell_outcome::passed, today));
    const auto expired = expecting({run::hung}, "2026-11-25");
    EXPECT_EQ(status_of(expired, cell_outcome::hung, today), cell_status::failed);
    EXPECT_FALSE(passed_unexpectedly(expired, cell_outcome::passed, today));
}

TEST(cell_status_test, quarantine_takes_failures_but_hides_no_flake) {
    cell one;
    one.quarantine = "new board";
    EXPECT_EQ(status_of(one, cell_outcome::panicked, today), cell_status::quarantined);
    EXPECT_EQ(status_of(one, cell_outcome::infra_error, today), cell_status::quarantined);
    EXPECT_EQ(status_of(one, cell_outcome::flaky, today), cell_status::flaky);
    EXPECT_EQ(status_of(one, cell_outcome::passed, today), cell_status::passed);
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
    EXPECT_FALSE(is_decided(one, attempts({run::failed}), today));
    EXPECT_FALSE(is_decided(one, attempts({run::failed, run::interrupted}), today));
    EXPECT_TRUE(is_decided(one, attempts({run::passed}), today));
    EXPECT_TRUE(is_decided(one, attempts({run::failed, run::failed}), today));
    auto impossible = attempts({run::infra_error});
    impossible[0].impossible = true;
    EXPECT_TRUE(is_decided(one, impossible, today));
    one.expected = {{run::failed}, "known", today};
    EXPECT_TRUE(is_decided(one, attempts({run::failed}), today));
}

}  // namespace
}  // namespace qh
