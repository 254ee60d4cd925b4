#include "replay/player.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <deque>

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

/// Plays a recording to its end under virtual time, pressing keys on the way.
class player_test : public testing::Test {
  protected:
    void add(Duration when, const std::string& bytes, const std::string& step = "") {
        items_.push_back({time_point(1h) + when, bytes, step});
    }
    void press(Duration when, char key) { keys_.emplace_back(when, key); }

    /// "MS:BYTES" of what was shown.
    std::vector<std::string> play(play_options options = {}) {
        const time_point begin(500h);
        auto now = begin;
        player play(options);
        std::vector<std::string> shown;
        while (!play.ended()) {
            if (play.wants_item()) {
                if (items_.empty()) break;
                play.offer(std::move(items_.front()), now);
                items_.pop_front();
            }
            const auto bytes = play.take(now);
            if (!bytes.empty())
                shown.push_back(fmt::format(
                    "{}:{}", std::chrono::duration_cast<Duration>(now - begin).count(), bytes));
            if (play.wants_item()) continue;
            auto next = play.deadline();
            if (!keys_.empty() && (!next || begin + keys_.front().first <= *next)) {
                now = begin + keys_.front().first;
                play.on_key(keys_.front().second, now);
                keys_.pop_front();
            } else if (next) {
                now = std::max(now, *next);
            } else {
                break;  // paused for ever
            }
        }
        found_step_ = play.found_step();
        return shown;
    }

    std::deque<play_item> items_;
    std::deque<std::pair<Duration, char>> keys_;
    bool found_step_ = false;
};

TEST_F(player_test, keeps_the_recordings_times) {
    add(0s, "a");
    add(1s, "b");
    add(5s, "c");
    EXPECT_THAT(play(), ElementsAre("0:a", "1000:b", "5000:c"));
}

TEST_F(player_test, goes_faster_and_cuts_pauses) {
    add(0s, "a");
    add(1s, "b");
    add(61s, "c");
    EXPECT_THAT(play({2, 3s, ""}), ElementsAre("0:a", "500:b", "2000:c"));
}

TEST_F(player_test, begins_with_a_step_and_the_screen_before_it) {
    for (const auto* step : {"two", "2"}) {
        items_.clear();
        add(0s, "", "one");
        add(1s, "x\ny\n");
        add(9s, "--\n", "two");
        add(10s, "z");
        EXPECT_THAT(play({1, {}, step}), ElementsAre("0:x\ny\n--\n", "1000:z"));
        EXPECT_TRUE(found_step_);
    }
    add(0s, "a", "one");
    EXPECT_THAT(play({1, {}, "three"}), ElementsAre());
    EXPECT_FALSE(found_step_);
}

TEST_F(player_test, shows_about_a_screen_of_what_a_jump_passes_over) {
    for (int i = 0; i < 10'000; ++i) add(0s, "a line\n");
    add(1s, "--", "here");
    const auto shown = play({1, {}, "here"});
    ASSERT_EQ(shown.size(), 1u);
    EXPECT_LT(shown[0].size(), 5000u);
    EXPECT_TRUE(shown[0].starts_with("0:a line\n")) << shown[0].substr(0, 20);
}

TEST_F(player_test, pauses_and_goes_on_where_it_was) {
    add(0s, "a");
    add(4s, "b");
    add(5s, "c");
    press(1s, ' ');
    press(11s, ' ');
    EXPECT_THAT(play(), ElementsAre("0:a", "14000:b", "15000:c"));
}

TEST_F(player_test, single_steps_while_paused) {
    add(0s, "a");
    add(10s, "b");
    add(20s, "c");
    press(1s, ' ');
    press(2s, '.');
    press(3s, '.');
    EXPECT_THAT(play(), ElementsAre("0:a", "2000:b", "3000:c"));
}

TEST_F(player_test, jumps_to_the_next_step) {
    add(0s, "a", "one");
    add(60s, "b\n");
    add(99s, "c\n", "two");
    add(100s, "d");
    press(1s, 'n');
    EXPECT_THAT(play(), ElementsAre("0:a", "1000:b\nc\n", "2000:d"));
}

TEST_F(player_test, changes_its_speed_and_ends) {
    add(0s, "a");
    add(10s, "b");
    add(20s, "c");
    press(2s, '+');
    press(7s, 'q');
    EXPECT_THAT(play(), ElementsAre("0:a", "6000:b"));
}

TEST(harmless_text_test, lets_nothing_but_text_and_moves_along_the_line_through) {
    harmless_text text;
    EXPECT_EQ(text.feed("a\tb\r\nc\b\x1b[2J\x07\xff\xC2\x9b"),
              "a\tb\r\nc\b\\x1b[2J\\x07\\xff\\xc2\\x9b");
    EXPECT_EQ(text.feed("\xE2\x82"), "");
    EXPECT_EQ(text.feed("\xAC"), "\u20ac");
}

}  // namespace
}  // namespace qh
