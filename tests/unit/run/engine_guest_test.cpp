// Steps that log in, carry files and reboot, against a guest that is played.
#include "base/digest.hpp"
#include "engine_fixture.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class engine_guest : public test::engine_fixture {
  protected:
    void boot_to_login() {
        print(
            "[    0.000000] Linux version 6.12\r\n[    1.000000] Run /sbin/init as init "
            "process\r\n");
        print("\r\nDebian GNU/Linux 13 debian ttyS0\r\n\r\ndebian login: ");
    }

    std::string reason() const { return events_of("step_finished").at(1)["reason"]; }

    static constexpr const char* login_steps =
        R"({"boot": "login"}, {"login": {"user": "root", "password": "s3cret"}})";
};

TEST_F(engine_guest, logs_in_with_a_password) {
    load(login_steps);
    boot_to_login();
    replies_ = {{"root\r\nPassword: "},
                {"\r\nLinux debian 6.12\r\nLast login: Mon on ttyS0\r\nroot@debian:~# "}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot login:passed", "login:passed"));
    EXPECT_THAT(typed_, HasSubstr("root\rs3cret\r"));
    EXPECT_THAT(scenario_.secrets, testing::Contains("s3cret"));
}

TEST_F(engine_guest, logs_in_where_none_is_asked_for) {
    load(R"({"boot": "login"}, {"login": "root"})");
    boot_to_login();
    replies_ = {{"root\r\n~ # "}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
}

TEST_F(engine_guest, finds_a_question_that_kernel_lines_have_buried) {
    load(login_steps);
    boot_to_login();
    print("[   20.000000] random: crng init done\r\n");
    echo_of_enter_ = "\r\ndebian login: ";
    replies_ = {{"root\r\nPassword: "}, {"\r\nroot@debian:~# "}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
}

struct refused_login {
    const char* behaviour;
    const char* login;
    std::vector<std::string> replies;
    const char* reason;
};

class engine_refused_login : public engine_guest,
                             public testing::WithParamInterface<refused_login> {};

TEST_P(engine_refused_login, tells_why) {
    load(std::string(R"({"boot": "login"}, {"login": )") + GetParam().login + "}");
    boot_to_login();
    for (const auto& reply : GetParam().replies) replies_.push_back({reply});
    EXPECT_EQ(play().outcome, run_outcome::failed);
    EXPECT_EQ(reason(), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    logins, engine_refused_login,
    testing::Values(refused_login{"wrong_password",
                                  R"({"user": "root", "password": "x"})",
                                  {"root\r\nPassword: ", "\r\nLogin incorrect\r\ndebian login: "},
                                  "the guest refused the login of root: Login incorrect"},
                    refused_login{"asked_again",
                                  R"({"user": "root", "password": "x"})",
                                  {"root\r\nPassword: ", "\r\nPassword: "},
                                  "the guest refused the password of root"},
                    refused_login{"no_password",
                                  R"("root")",
                                  {"root\r\nPassword: "},
                                  "the guest wants a password of root and the step has none"},
                    refused_login{"no_such_user",
                                  R"("root")",
                                  {"root\r\ndebian login: ", "root\r\ndebian login: ",
                                   "root\r\ndebian login: "},
                                  "the guest refused the login of root: debian login:"},
                    refused_login{"expired",
                                  R"({"user": "root", "password": "x"})",
                                  {"root\r\nPassword: ",
                                   "\r\nYou are required to change your password immediately.\r\n"
                                   "Current password: "},
                                  "the guest took the password of root and wants a new one before "
                                  "it lets anybody in: You are required to change your password "
                                  "immediately."}),
    [](const auto& test) { return std::string(test.param.behaviour); });

TEST_F(engine_guest, a_login_that_is_never_asked_for_is_out_of_time) {
    load(R"({"boot": "kernel"}, {"login": "root", "timeout": "20s"})");
    boot();
    echo_of_enter_ = "";
    EXPECT_EQ(play().outcome, run_outcome::timed_out);
    EXPECT_THAT(reason(), HasSubstr("no end within 20.0 s"));
}

TEST_F(engine_guest, uploads_and_verifies) {
    const auto identity = "3\n" + sha256_hex("abc") + "  -\n";
    load(R"({"boot": "shell"}, {"upload": {"text": "abc", "to": "/x"}}, {"poweroff": true})");
    boot();
    answers_ = {{""}, {identity}, {"", 0, power_off()}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(events_of("step_finished")[1]["bytes"], 3);
}

TEST_F(engine_guest, a_file_that_is_not_there_matters_only_to_a_step_that_runs) {
    load(R"({"boot": "shell"},
            {"name": "no", "upload": {"from": "absent", "to": "/x"}, "when": "1 == 2"},
            {"name": "yes", "upload": {"from": "absent", "to": "/x"}, "when": "1 == 1"})");
    boot();
    EXPECT_EQ(play().outcome, run_outcome::failed);
    EXPECT_THAT(step_outcomes(), ElementsAre("boot shell:passed", "no:skipped", "yes:failed"));
    EXPECT_THAT(events_of("step_finished")[2]["reason"].get<std::string>(),
                HasSubstr("there is no file"));
}

TEST_F(engine_guest, downloads_into_the_record) {
    load(R"({"boot": "shell"}, {"download": "/var/log/x.log"}, {"poweroff": true})");
    boot();
    answers_ = {
        {"3\n" + sha256_hex("abc") + "  -\n/bin/base64\n"}, {"YWJj\n"}, {"", 0, power_off()}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(kept_.at("x.log"), "abc");
    EXPECT_EQ(events_of("step_finished")[1]["file"], "files/x.log");
}

TEST_F(engine_guest, a_file_that_is_not_there_fails_the_step) {
    load(R"({"boot": "shell"}, {"download": "/x"})");
    boot();
    answers_ = {{"there is no file /x\n", 1}};
    EXPECT_EQ(play().outcome, run_outcome::failed);
    EXPECT_EQ(reason(), "there is no file /x");
    EXPECT_TRUE(kept_.empty());
}

TEST_F(engine_guest, reboots_and_goes_on) {
    load(R"({"boot": "shell"}, {"reboot": true}, {"run": "true"}, {"poweroff": true})");
    boot();
    answers_ = {{"", 0,
                 [this] {
                     print("[   20.000000] reboot: Restarting system\r\n");
                     reset();
                     print("OpenSBI v1.5\r\n");
                     boot();
                 }},
                {"", 0},
                {"", 0, power_off()}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(events_of("rebooted").size(), 1u);
    EXPECT_EQ(events_of("failure").size(), 0u);
}

TEST_F(engine_guest, a_reboot_that_kills_its_own_shell_is_waited_for) {
    load(R"({"boot": "shell"}, {"reboot": true, "timeout": "5m"})");
    boot();
    answers_ = {{"", 128 + 15}};
    const auto result = play();
    EXPECT_NE(result.outcome, run_outcome::failed);
    EXPECT_THAT(result.reason, HasSubstr("no end within 5m 00s")) << "it could have come";
}

TEST_F(engine_guest, a_reboot_that_is_refused_fails_at_once) {
    load(R"({"boot": "shell"}, {"reboot": true, "timeout": "5m"})");
    boot();
    answers_ = {{"must be superuser\n", 1}};
    EXPECT_THAT(play().reason, HasSubstr("the guest cannot reboot: status 1"));
}

TEST_F(engine_guest, a_reset_behind_a_reboot_that_was_refused_is_unasked) {
    load(R"({"boot": "shell"}, {"reboot": true, "on_fail": "continue"}, {"run": "true"})");
    boot();
    answers_ = {{"must be superuser\n", 1}, {"", 0, [this] { reset(); }}};
    EXPECT_EQ(play().outcome, run_outcome::reset);
}

TEST_F(engine_guest, a_reboot_that_nobody_asked_for_is_still_one) {
    load(R"({"boot": "shell"}, {"run": "true"}, {"reboot": true})");
    boot();
    answers_ = {{"", 0, [this] { reset(); }}};
    EXPECT_EQ(play().outcome, run_outcome::reset);
}

class engine_limit : public engine_guest, public testing::WithParamInterface<int> {};

TEST_P(engine_limit, is_held_against_the_median_of_several_runs) {
    load(R"js({"boot": "shell"},
            {"run": "bench", "capture": "(?P<v>\\d+)",
             "measure": {"name": "speed", "value": "{{v}}", "unit": "x", "warmup": 1, "repeats": 3,
                         "at_least": "{{least}}"}},
            {"poweroff": true})js",
         fmt::format(R"("params": {{"least": {}}})", GetParam()));
    boot();
    answers_ = {{"100"}, {"4"}, {"5"}, {"9"}, {"", 0, power_off()}};
    EXPECT_EQ(play().outcome, GetParam() == 5 ? run_outcome::passed : run_outcome::failed);
    EXPECT_EQ(events_of("measurement").at(0)["value"], 5);
    EXPECT_EQ(events_of("measurement").at(0)["samples"].size(), 3u);
    EXPECT_EQ(events_of("step_finished")[1].value("reason", ""),
              GetParam() == 5 ? "" : "speed is 5 x, less than the 6 asked for");
}

INSTANTIATE_TEST_SUITE_P(limits, engine_limit, testing::Values(5, 6));

TEST_F(engine_guest, measures_what_earlier_steps_have_captured) {
    load(R"js({"boot": "shell"}, {"run": "x", "capture": "(?P<a>\\d+)"},
            {"name": "a", "measure": {"name": "a", "value": "{{a}}", "at_most": 7}})js");
    boot();
    answers_ = {{"8"}};
    EXPECT_EQ(play().outcome, run_outcome::failed);
    EXPECT_EQ(events_of("step_finished")[2]["reason"], "a is 8, more than the 7 allowed");
}

TEST_F(engine_guest, tells_sub_results) {
    load(R"({"boot": "shell"}, {"run": "t", "parse": "tap"}, {"poweroff": true})");
    boot();
    answers_ = {{"1..2\nok 1 a\nok 2 b # SKIP none\n"}, {"", 0, power_off()}};
    EXPECT_EQ(play().outcome, run_outcome::passed);
    EXPECT_EQ(
        dump(events_of("step_finished")[1]["results"]),
        R"([{"name":"a","outcome":"passed"},{"name":"b","outcome":"skipped","reason":"none"}])");
}

}  // namespace
}  // namespace qh
