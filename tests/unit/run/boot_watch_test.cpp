#include "run/boot_watch.hpp"

#include <gtest/gtest.h>

namespace qh {
namespace {

using namespace std::chrono_literals;
using reached = std::optional<boot_state>;

const time_point start{1000s};

TEST(boot_watch, sees_how_far_a_boot_has_come) {
    const struct {
        const char* line;
        reached state;
    } cases[] = {
        {"OpenSBI v1.5.1", std::nullopt},
        {"[    0.000000] Linux version 6.12.0 (gcc)", boot_state::kernel},
        {"Linux version of the docs", std::nullopt},
        {"[    1.000000] Run /init as init process", boot_state::init},
        {"Welcome to Debian GNU/Linux 13!", boot_state::init},
        {"INIT: version 3.06 booting", boot_state::init},
        {"say Welcome to nobody", std::nullopt},
    };
    for (const auto& c : cases) {
        boot_watch watch;
        watch.on_line(c.line);
        EXPECT_EQ(watch.reached(), c.state) << c.line;
    }
}

TEST(boot_watch, never_goes_back) {
    boot_watch watch;
    watch.on_line("Welcome to Debian");
    watch.on_line("Linux version 6.12");
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
        EXPECT_EQ(watch.prompt_deadline(), c.prompt ? std::optional(start + 100ms) : std::nullopt)
            << c.line;
    }
}

TEST(boot_watch, forgets_a_prompt_that_was_only_passing_by) {
    boot_watch watch;
    watch.on_open_line("port #", start);
    watch.on_open_line("port #1", start + 50ms);
    EXPECT_EQ(watch.prompt_deadline(), std::nullopt);
    watch.on_open_line("# ", start);
    watch.on_line("# a comment");
    EXPECT_EQ(watch.prompt_deadline(), std::nullopt);
}

TEST(boot_watch, nudges_a_silent_console_only_once_init_runs) {
    boot_watch watch;
    watch.on_line("Linux version 6.12");
    watch.on_open_line("", start);
    EXPECT_EQ(watch.nudge_deadline(), std::nullopt);
    watch.on_line("Run /init as init process");
    watch.on_open_line("", start + 1s);
    EXPECT_EQ(watch.nudge_deadline(), start + 4s);
    watch.on_nudged(start + 4s);
    EXPECT_EQ(watch.nudge_deadline(), start + 10s);
}

}  // namespace
}  // namespace qh
