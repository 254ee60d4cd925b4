#include "replay/log_judge.hpp"

#include <gmock/gmock.h>

#include "scenario/load.hpp"
#include "support/splits.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class log_judge_test : public test::in_temporary_folder {
  protected:
    /// "name:outcome" of each step, which must not depend on how the log is cut.
    std::vector<std::string> judge(const std::string& steps, const std::string& log) {
        const auto what =
            load_scenario(write("s.json", R"({"name": "s", "steps": [)" + steps + "]}"), {});
        std::vector<std::string> first;
        for (const auto& pieces : test::all_splits(log)) {
            log_judge judge(what);
            for (const auto& piece : pieces) judge.feed(piece);
            judge.finish();
            judged_ = judge.steps();
            std::vector<std::string> outcomes;
            for (const auto& step : judged_)
                outcomes.push_back(step.name + ":" + std::string(name_of(step.outcome)));
            if (first.empty()) first = outcomes;
            EXPECT_EQ(outcomes, first);
        }
        return first;
    }

    std::vector<judged_step> judged_;
};

constexpr const char* log_of_shell =
    "[    0.000000] Linux version 6.6.1\r\n[    1.000000] Run /init as init process\r\n"
    "~ # uname -m\r\nriscv64\r\n~ # echo hi\r\nhi\r\n~ # ./test\r\nok 1\r\nfailed 2\r\n"
    "~ # poweroff\r\n[    9.000000] reboot: Power down\r\n";

TEST_F(log_judge_test, finds_boots_commands_and_expected_lines) {
    EXPECT_THAT(
        judge(R"js({"name": "b", "boot": "shell"},
                {"name": "u", "run": "uname -m", "capture": "^(?P<arch>\\w+)$", "check": ["arch == riscv64"]},
                {"name": "s", "send": "echo hi<enter>"}, {"name": "e", "expect": "^hi$"},
                {"name": "t", "run": "./test", "match": "^ok 1$"},
                {"name": "p", "poweroff": true})js",
              log_of_shell),
        ElementsAre("b:passed", "u:passed", "s:passed", "e:passed", "t:passed", "p:passed"));
    EXPECT_EQ(judged_[1].captured.at("arch"), "riscv64");
    EXPECT_EQ(judged_[1].reason, "its exit status is not in the log");
}

TEST_F(log_judge_test, fails_a_command_by_its_output_and_says_what_came_near) {
    EXPECT_THAT(judge(R"js({"name": "b", "boot": "kernel"},
                           {"name": "t", "run": "./test", "match": "^Failed 2$"},
                           {"name": "p", "poweroff": true})js",
                      log_of_shell),
                ElementsAre("b:passed", "t:failed", "p:not_run"));
    EXPECT_EQ(judged_[1].missed.at(0).nearest.at(0).difference, "matches but for case");
}

TEST_F(log_judge_test, skips_what_the_log_does_not_show) {
    EXPECT_THAT(
        judge(R"js({"name": "b", "boot": "kernel"}, {"name": "f", "facts": true},
                           {"name": "x", "run": "never typed"}, {"name": "y", "send": "nor this<enter>"},
                           {"name": "e", "expect": "^riscv64$"}, {"name": "z", "run": "neither"})js",
              log_of_shell),
        ElementsAre("b:passed", "f:skipped", "x:skipped", "y:skipped", "e:passed", "z:skipped"));
}

TEST_F(log_judge_test, skips_a_check_of_what_the_log_does_not_show) {
    EXPECT_THAT(judge(R"js({"name": "a", "run": "./other", "capture": "(?P<v>x)"},
                           {"name": "b", "run": "uname -m", "check": "v != 3"},
                           {"name": "p", "poweroff": true})js",
                      log_of_shell),
                ElementsAre("a:skipped", "b:skipped", "p:passed"));
    EXPECT_EQ(judged_[1].reason, "the log does not show what \"v\" is");
}

TEST_F(log_judge_test, fails_what_is_expected_and_not_there) {
    EXPECT_THAT(judge(R"js({"name": "b", "boot": "init"}, {"name": "e", "expect": "^riscv32$"},
                           {"name": "p", "poweroff": true})js",
                      log_of_shell),
                ElementsAre("b:passed", "e:failed", "p:not_run"));
    EXPECT_THAT(judged_[1].reason, HasSubstr("/^riscv32$/ is not in the log"));
    EXPECT_EQ(judged_[1].missed.at(0).nearest.at(0).difference, "has 64 where the regex has 32");
    EXPECT_THAT(judge(R"js({"name": "b", "boot": "login"})js", log_of_shell),
                ElementsAre("b:failed"));
    EXPECT_EQ(judged_[0].reason, "the log does not get as far as \"login\"");
}

TEST_F(log_judge_test, takes_the_outcome_of_the_pattern_that_comes_first) {
    EXPECT_THAT(
        judge(R"js({"name": "e", "expect": {"pass": "^ok 7$", "fail": "^failed (?P<n>\\d)"}})js",
              log_of_shell),
        ElementsAre("e:failed"));
    EXPECT_THAT(judged_[0].reason, HasSubstr("came: failed 2"));
}

TEST_F(log_judge_test, a_log_that_breaks_off_in_an_output_says_so) {
    EXPECT_THAT(
        judge(R"js({"name": "t", "run": "./test", "match": "^done$"})js", "~ # ./test\r\nok 1\r\n"),
        ElementsAre("t:failed"));
    EXPECT_THAT(judged_[0].reason, HasSubstr("(the log ends there)"));
}

TEST_F(log_judge_test, knows_the_prompt_wherever_the_shell_is) {
    const std::string steps =
        R"js({"name": "b", "boot": "shell"}, {"name": "cd", "run": "cd /opt/x"},
             {"name": "u", "run": "uname -m", "match": "^riscv64$", "not_match": "old"},
             {"name": "p", "poweroff": true})js";
    const auto session = [](const std::string& home, const std::string& there) {
        return "[    0.000000] Linux version 6.6.1\r\n" + home + "cd /opt/x\r\n" + there +
               "uname -m\r\nriscv64\r\n" + there + "echo old\r\nold\r\n" + there +
               "poweroff\r\n[    9.000000] reboot: Power down\r\n";
    };
    for (const auto& log :
         {session("root@box:~# ", "root@box:/opt/x# "), session("[root@box ~]# ", "[root@box x]# "),
          session("~ # ", "/opt/x # "),
          session("\x1b]0;root@box: ~\x07\x1b[01;32mroot@box\x1b[00m:\x1b[01;34m~\x1b[00m# ",
                  "\x1b[01;32mroot@box\x1b[00m:\x1b[01;34m/opt/x\x1b[00m# ")})
        EXPECT_THAT(judge(steps, log), ElementsAre("b:passed", "cd:passed", "u:passed", "p:passed"))
            << log;
}

TEST_F(log_judge_test, reads_the_kernels_messages_apart_from_what_they_interrupt) {
    EXPECT_THAT(judge(R"js({"name": "u", "run": "uname -m", "match": "^riscv64$"},
                           {"name": "e", "run": "echo hi", "match": "^hi$"},
                           {"name": "k", "expect": "probe: noise"})js",
                      "~ # uname -m\r\nriscv[    5.000000] one\r\n64\r\n~ # [    6.000000] two\r\n"
                      "echo hi\r\nhi\r\n~ # [    7.000000] probe: noise\r\n"),
                ElementsAre("u:passed", "e:passed", "k:passed"));
}

TEST_F(log_judge_test, knows_a_command_whose_echo_readline_has_wrapped) {
    EXPECT_THAT(
        judge(R"js({"name": "e", "run": "echo a long command", "match": "^a long command$"})js",
              "root@box:~# echo a lo \rng command\r\na long command\r\nroot@box:~# "),
        ElementsAre("e:passed"));
}

TEST_F(log_judge_test, believes_only_the_guests_prompt) {
    const std::string boots = "[    0.000000] Linux version 6.6.1\r\n";
    const std::string step = R"js({"name": "b", "boot": "shell"})js";
    for (const auto& log :
         {"ci@host:~$ qemu\r\n" + boots, "ci@host:~$ qemu\r\n" + boots + "ci@host:~$ ",
          boots + "# selftests: a\r\nok 1\r\n", boots + "(initramfs) ",
          boots + "Press Enter for maintenance\r\n", std::string("~ # ls\r\n")})
        EXPECT_THAT(judge(step, log), ElementsAre("b:failed")) << log;
    for (const auto& log : {boots + "# ls\r\n# ", boots + "host# ls\r\nhost# ",
                            "ci@host:~$ qemu\r\n" + boots + "root@guest:~# "})
        EXPECT_THAT(judge(step, log), ElementsAre("b:passed")) << log;
    EXPECT_THAT(judge(R"js({"name": "b", "boot": "login"})js",
                      boots + "Last login: Tue Mar  5 10:11:12 UTC 2024\r\nroot@box:~# "),
                ElementsAre("b:failed"));
    EXPECT_THAT(judge(R"js({"name": "b", "boot": "init"})js", "Welcome to GRUB!\r\n"),
                ElementsAre("b:failed"));
}

}  // namespace
}  // namespace qh
