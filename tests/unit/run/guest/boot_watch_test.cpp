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
        {"rootfs: fsck 45.2%", false, false},
        {"Loading: ####", false, false},
        {"# selftests: net", false, false},
        {"", false, false},
    };
    for (const auto& c : cases) {
        boot_watch watch;
        watch.on_console(c.line, c.line, start);
        watch.tick(start + 100ms);
        EXPECT_EQ(watch.reached() == boot_state::login, c.login) << c.line;
        EXPECT_EQ(watch.prompt_deadline(), c.prompt ? std::optional(start + 30ms) : std::nullopt)
            << c.line;
    }
}

TEST(boot_watch, forgets_a_prompt_that_was_only_passing_by) {
    boot_watch watch;
    watch.on_console("port #", "port #", start);
    watch.on_console("1", "port #1", start + 50ms);
    EXPECT_EQ(watch.prompt_deadline(), std::nullopt);
}

TEST(boot_watch, nudges_a_silent_console_only_once_init_runs) {
    boot_watch watch;
    watch.on_milestone("kernel");
    watch.on_console("\n", "", start);
    EXPECT_EQ(watch.nudge_deadline(), std::nullopt);
    watch.on_milestone("init");
    watch.on_console("\n", "", start + 1s);
    EXPECT_EQ(watch.nudge_deadline(), start + 4s);
    watch.on_nudged(start + 4s);
    EXPECT_EQ(watch.nudge_deadline(), start + 10s);
}

/// Feeds each byte alone or all at once; `open_line` is what stands behind the last newline.
boot_watch heard(const std::string& bytes, bool at_once) {
    boot_watch watch;
    watch.on_milestone("init");
    for (std::size_t at = 0; at < bytes.size();) {
        const auto size = at_once ? bytes.size() : 1;
        const auto come = std::string_view(bytes).substr(0, at += size);
        const auto open_line = come.substr(come.rfind('\n') + 1);
        watch.on_console(come.substr(at - size), open_line, start);
    }
    watch.tick(start + 100ms);
    return watch;
}

TEST(boot_watch, finds_a_login_that_others_write_behind_however_the_bytes_are_cut) {
    const struct {
        std::string bytes;
        boot_state reached;
    } cases[] = {
        {"\nhost login: ", boot_state::login},
        {"\nhost login: radio 0 is there\nservices are up\n", boot_state::login},
        {"\nhost login: [   29.601578] net: link is up\r\n", boot_state::login},
        {"\nhost login: root (automatic login)\r\n\r\nLast login: Tue on ttyS0\r\n",
         boot_state::init},
    };
    for (const auto& c : cases)
        for (const bool at_once : {true, false})
            EXPECT_EQ(heard(c.bytes, at_once).reached(), c.reached) << c.bytes << at_once;
}

TEST(boot_watch, takes_what_an_enter_brings_back_for_a_prompt) {
    auto watch = heard("\nwhat now? ", true);
    EXPECT_EQ(watch.prompt_deadline(), std::nullopt);
    watch.on_nudged(start + 3s);
    watch.on_console("\r\nwhat now? ", "what now? ", start + 3s);
    EXPECT_EQ(watch.prompt_deadline(), start + 3s + 30ms);
    EXPECT_EQ(watch.answer(), "what now? ");
    for (const std::string question : {"host login: ", "Password: "}) {
        auto asked = heard("\n" + question, true);
        asked.on_nudged(start + 3s);
        asked.on_console("\r\n" + question, question, start + 3s);
        EXPECT_EQ(asked.prompt_deadline(), std::nullopt) << question;
    }
}

}  // namespace
}  // namespace qh
