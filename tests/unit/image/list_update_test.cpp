#include "image/package/list_update.hpp"

#include <gmock/gmock.h>

#include "support/errors.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// Fetches that fail some times with what apt says of a mirror in the middle of a sync.
class FetchLists : public testing::Test {
  protected:
    FetchLists() {
        options_.fetch_pauses = {0ms, 0ms};
        options_.progress = [this](const build_progress& now) {
            warnings_.push_back(now.warning);
            if (stop_at_warning_) stop_ = true;
        };
        options_.stop = &stop_;
    }

    void fetch(unsigned failures, bool have_earlier) {
        build_phases phases(options_);
        fetch_lists(
            [&] {
                if (tries_++ < failures)
                    throw infrastructure_error(
                        "apt-get update ended with status 100:\n"
                        "E: Failed to fetch x  File has unexpected size (2 != 1).\n"
                        "   Mirror sync in progress?\n"
                        "E: Some index files failed to download.");
            },
            [=] { return have_earlier; }, phases);
    }

    build_options options_;
    std::atomic<bool> stop_ = false;
    bool stop_at_warning_ = false;
    unsigned tries_ = 0;
    std::vector<std::string> warnings_;
};

TEST(AfterFailedFetch, PausesGrowAndThenEarlierListsServe) {
    const std::vector<Duration> pauses = {1s, 5s};
    EXPECT_EQ(after_failed_fetch(1, pauses, true).pause, 1s);
    EXPECT_EQ(after_failed_fetch(2, pauses, false).pause, 5s);
    EXPECT_EQ(after_failed_fetch(3, pauses, true).pause, std::nullopt);
    EXPECT_TRUE(after_failed_fetch(3, pauses, true).use_earlier);
    EXPECT_FALSE(after_failed_fetch(3, pauses, false).use_earlier);
}

TEST_F(FetchLists, SaysNothingWhereTheFirstTrySucceeds) {
    fetch(0, false);
    EXPECT_EQ(tries_, 1u);
    EXPECT_THAT(warnings_, ElementsAre());
}

TEST_F(FetchLists, TriesAgainAndTellsTheCause) {
    fetch(2, true);
    EXPECT_EQ(tries_, 3u);
    const auto retried = AllOf(HasSubstr("Failed to fetch x  File has unexpected size (2 != 1)."),
                               HasSubstr("; trying again in 0.00 s"));
    EXPECT_THAT(warnings_, ElementsAre(retried, retried));
}

TEST_F(FetchLists, GoesOnWithEarlierListsAndSaysSo) {
    fetch(9, true);
    EXPECT_EQ(tries_, 3u);
    EXPECT_THAT(warnings_.back(), HasSubstr("using the package lists fetched before"));
}

TEST_F(FetchLists, FailsWithTheWholeErrorWhereThereAreNone) {
    const auto message = test::message_of([&] { fetch(9, false); });
    EXPECT_EQ(tries_, 3u);
    EXPECT_THAT(message, HasSubstr("E: Some index files failed to download."));
    EXPECT_EQ(warnings_.size(), 2u);
}

TEST_F(FetchLists, AStopEndsThePause) {
    options_.fetch_pauses = {24h};
    stop_at_warning_ = true;
    EXPECT_TRUE(test::fails_with(fault::interrupted, [&] { fetch(9, true); }));
    EXPECT_EQ(tries_, 1u);
}

TEST_F(FetchLists, AnInterruptedFetchIsNotTriedAgain) {
    build_phases phases(options_);
    const auto interrupted = [&] {
        ++tries_;
        throw error(fault::interrupted, "interrupted");
    };
    EXPECT_TRUE(test::fails_with(fault::interrupted, [&] {
        fetch_lists(
            interrupted, [] { return true; }, phases);
    }));
    EXPECT_EQ(tries_, 1u);
}

}  // namespace
}  // namespace qh
