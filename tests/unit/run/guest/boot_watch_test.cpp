#include "run/guest/boot_watch.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

using namespace std::chrono_literals;
using reached = std::optional<boot_state>;

const time_point start{1000s};

TEST(boot_watch, goes_by_milestones_and_never_back) {
    boot_watch watch;
    watch.on_milestone("opensbi");
    EXPECT_EQ(watch.reached(), std::nullopt);
    watch.on_milestone("init");
    EXPECT_EQ(watch.reached(), boot_state::init);
    watch.on_milestone("kernel");
    EXPECT_EQ(watch.reached(), boot_state::init);
}

TEST(boot_watch, looks_for_prompts_in_the_open_line) {
    const struct {
        const char* line;
        bool login, prompt;
    } cases[] = {
        {"debian login: ", true, false},
        {"login:", true, false},
        {"Last login: Mon", false, false},
        {"~ # ", false, true},
        {"$", false, true},
        {"host% ", false, true},
        {"root@x:~# ", false, true},
        {"100% done", false, false},
        {"", false, false},
    };
    for (const auto& c : cases) {
        boot_watch watch;
        watch.on_open_line(c.line, start);
        EXPECT_EQ(watch.reached() == boot_state::login, c.login) << c.line;
        EXPECT_EQ(watch.prompt_deadline(), c.prompt ? std::optional(start + 30ms) : std::nullopt)
            << c.line;
    }
}

TEST(boot_watch, forgets_a_prompt_that_was_only_passing_by) {
    boot_watch watch;
    watch.on_open_line("port #", start);
    watch.on_open_line("port #1", start + 50ms);
    EXPECT_EQ(watch.prompt_deadline(), std::nullopt);
}

TEST(boot_watch, nudges_a_silent_console_only_once_init_runs) {
    boot_watch watch;
    watch.on_milestone("kernel");
    watch.on_open_line("", start);
    EXPECT_EQ(watch.nudge_deadline(), std::nullopt);
    watch.on_milestone("init");
    watch.on_open_line("", start + 1s);
    EXPECT_EQ(watch.nudge_deadline(), start + 4s);
    watch.on_nudged(start + 4s);
    EXPECT_EQ(watch.nudge_deadline(), start + 10s);
}

}  // namespace
}  // namespace qh
