#include "run/live/handover.hpp"

#include "run/shell_fixture.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using language = enum shell_request::language;

class handover_of : public test::each_shell {
  protected:
    bool pump_until_over(const handover& handed) {
        return pump([&] { return handed.over(std::chrono::steady_clock::now()); });
    }

    /// Whether what is typed now is echoed and executed by the shell itself.
    bool shell_obeys() {
        pty_->type("echo at-$((6*7))\r");
        return pump([this] {
            const auto& seen = pty_->seen();
            return seen.find("echo at-$((6*7))") != std::string::npos &&
                   seen.find("at-42\r\n") != std::string::npos;
        });
    }
};

TEST_P(handover_of, a_shell_that_serves_is_back_at_its_prompt) {
    ASSERT_EQ(run("true").status, 0);
    handover handed(shell_, std::chrono::steady_clock::now());
    ASSERT_TRUE(pump_until_over(handed));
    EXPECT_TRUE(handed.at_prompt());
    EXPECT_TRUE(shell_obeys()) << printable_tail();
}

TEST_P(handover_of, a_command_in_progress_is_ended) {
    ASSERT_TRUE(begin(language::shell, "echo @started@; sleep 1000"));
    handover handed(shell_, std::chrono::steady_clock::now());
    ASSERT_TRUE(pump_until_over(handed));
    EXPECT_TRUE(handed.at_prompt());
    EXPECT_TRUE(shell_obeys()) << printable_tail();
}

INSTANTIATE_TEST_SUITE_P(shells, handover_of, testing::ValuesIn(test::shells()),
                         test::name_of_shell);

TEST(handover, a_guest_that_never_was_at_a_shell_is_given_over_at_once_and_unasked) {
    guest_shell shell(test::numbered_words(), channel_choice::console);
    handover handed(shell, time_point(1000s));
    EXPECT_TRUE(handed.over(time_point(1000s)));
    EXPECT_FALSE(handed.at_prompt());
    EXPECT_EQ(handed.take_typing(), "");
}

TEST(handover, a_guest_that_does_not_answer_is_given_over_after_a_while) {
    guest_shell shell(test::numbered_words(), channel_choice::console);
    shell.open(time_point(1000s));
    handover handed(shell, time_point(1000s));
    auto now = time_point(1000s);
    while (!handed.over(now)) {
        ASSERT_GT(handed.deadline(), now - 1ms);
        now = handed.deadline();
        handed.tick(now);
    }
    EXPECT_LE(now, time_point(1015s));
    EXPECT_FALSE(handed.at_prompt());
}

}  // namespace
}  // namespace qh
