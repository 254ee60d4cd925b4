#include "replay/exact_replay.hpp"

#include "base/digest.hpp"
#include "replay/recording_fixture.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto boot_step_json = R"({"name": "boot", "boot": "shell"}, )";

class exact_replay_test : public test::recording_fixture {
  protected:
    void expect_same(const replay_outcome& replayed) const {
        EXPECT_FALSE(replayed.difference)
            << replayed.difference->expected << replayed.difference->got;
        EXPECT_EQ(replayed.outcome, verdict_.outcome);
        EXPECT_EQ(replayed.events, events_.size());
    }

    /// A scenario of every kind of step that types, its run.
    std::filesystem::path record_whole_run() {
        load(
            std::string(boot_step_json) +
            R"js({"name": "arch", "run": "uname -m", "capture": "^(?P<arch>\\w+)$", "check": ["arch == riscv64"]},
                {"name": "facts", "facts": true},
                {"name": "bad", "run": "false", "on_fail": "continue"},
                {"name": "fetch", "download": "/etc/hostname"},
                {"name": "type", "send": "echo {{arch}}<enter>"},
                {"name": "see", "expect": "^got (?P<what>\\w+)"},
                {"name": "off", "poweroff": true})js");
        const std::string content = "box\n", digest = sha256_hex(content);
        answers_ = {{"riscv64\n"},       {"arch=riscv64\nisa=rv64imac\nmemory_mib=400\n"},
                    {"no\n", 1},         {"4\n" + digest + "  -\n/bin/base64\n"},
                    {"Ym94Cg=="},        {"4\n" + digest + "  -\n"},
                    {{}, 0, power_off()}};
        replies_ = {{"echo riscv64\r\ngot it\r\n~ # "}};
        cpu_.extensions = {{"v", false}, {"zba", true}};
        boot();
        return play_recorded();
    }
};

TEST_F(exact_replay_test, tells_every_event_of_a_run_again) {
    const auto folder = record_whole_run();
    EXPECT_EQ(verdict_.outcome, run_outcome::failed);
    expect_same(replay(folder));
}

TEST_F(exact_replay_test, tells_what_programs_lack_again) {
    load(std::string(boot_step_json) + R"({"name": "off", "poweroff": true})");
    programs_ = {{"init", "/sbin/init", {"m", "xtheadba"}}};
    for (const auto* name : {"i", "m", "a", "f", "d", "c", "v"}) cpu_.extensions[name] = true;
    answers_ = {{{}, 0, power_off()}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(events_of("isa_warning").size(), 1u);
    expect_same(replay(folder));
}

TEST_F(exact_replay_test, tells_a_timeout_on_a_busy_host_again) {
    load(std::string(boot_step_json) + R"({"name": "long", "run": "sleep 100", "timeout": "5s"})");
    answers_ = {{{}, 0, [] {}}};
    delay_share_ = 0.3;
    cpu_share_ = 0.7;
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(verdict_.outcome, run_outcome::timed_out);
    EXPECT_THAT(verdict_.reason, HasSubstr("that the host kept QEMU waiting"));
    expect_same(replay(folder));
}

class exact_replay_ends : public exact_replay_test,
                          public testing::WithParamInterface<std::string> {
  protected:
    void end_as(const std::string& outcome) {
        if (outcome == "panicked")
            print("[    2.000000] Kernel panic - not syncing: Attempted to kill init!\r\n");
        if (outcome == "interrupted") interrupt();
        if (outcome == "failed") shut_down("guest-shutdown");
        if (outcome == "failed" || outcome == "infra_error") end_qemu({outcome != "failed", 11});
    }
};

TEST_P(exact_replay_ends, is_told_again) {
    load(std::string(boot_step_json) + R"({"name": "fatal", "run": "true"})");
    answers_ = {{{}, 0, [this] { end_as(GetParam()); }}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(name_of(verdict_.outcome), GetParam());
    expect_same(replay(folder));
}

INSTANTIATE_TEST_SUITE_P(all, exact_replay_ends,
                         testing::Values("panicked", "interrupted", "failed", "infra_error"));

TEST_F(exact_replay_test, takes_masks_for_the_secrets_on_both_sides) {
    load(
        std::string(boot_step_json) +
            R"js({"name": "in", "run": "echo {{token}}", "match": "^{{token}}$", "capture": "(?P<t>.+)"})js",
        R"("params": {"token": {"default": "s3cr3t", "secret": true}})");
    answers_ = {{"s3cr3t\n"}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(verdict_.outcome, run_outcome::passed);
    EXPECT_THAT(journal(), testing::Not(HasSubstr("s3cr3t")));
    expect_same(replay(folder));
}

class exact_replay_secrets : public exact_replay_test,
                             public testing::WithParamInterface<std::string> {};

TEST_P(exact_replay_secrets, may_be_words_of_the_harness) {
    load(std::string(boot_step_json) + R"js({"name": "in", "run": "echo {{token}}",
             "match": "^{{token}}$", "capture": "(?P<t>.+)"})js",
         R"("params": {"token": {"default": ")" + GetParam() + R"(", "secret": true}})");
    answers_ = {{GetParam() + "\n"}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(verdict_.outcome, run_outcome::passed);
    expect_same(replay(folder));
}

INSTANTIATE_TEST_SUITE_P(any, exact_replay_secrets,
                         testing::Values("passed", "kind", "output", "steps", "boot", "index"));

TEST_F(exact_replay_test, has_uploads_with_a_secret_arrive_as_they_did) {
    load(std::string(boot_step_json) +
             R"({"name": "up", "upload": {"text": "pw {{token}}\n", "to": "/tmp/u"}})",
         R"("params": {"token": {"default": "it's s3cr3t", "secret": true}})");
    const std::string content = "pw it's s3cr3t\n";
    answers_ = {{}, {std::to_string(content.size()) + "\n" + sha256_hex(content) + "  -\n"}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(verdict_.outcome, run_outcome::passed) << verdict_.reason;
    EXPECT_THAT(journal(), testing::Not(HasSubstr("s3cr3t")));
    expect_same(replay(folder));
}

TEST_F(exact_replay_test, has_bytes_that_a_mask_held_back_when_they_came) {
    load(std::string(boot_step_json) + R"js({"name": "type", "send": "go<enter>"},
                                           {"name": "see", "expect": "answer: (?P<x>toor)"})js",
         R"("params": {"token": {"default": "toorak", "secret": true}})");
    // Each piece may yet become the secret; at rest the expected text stands there without it.
    replies_ = {{{}, 0, [this] {
                     for (const auto* piece : {"go\r\nanswer: t", "o", "or"}) print(piece);
                 }}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(verdict_.outcome, run_outcome::passed) << verdict_.reason;
    EXPECT_THAT(journal(), HasSubstr("\"held\""));
    expect_same(replay(folder));
}

TEST_F(exact_replay_test, needs_no_uploaded_file_any_more) {
    const auto file = write("upload.txt", "hello\n");
    load(std::string(boot_step_json) +
         R"({"name": "up", "upload": {"from": "upload.txt", "to": "/tmp/u"}})");
    const auto digest = sha256_hex("hello\n");
    answers_ = {{}, {"6\n" + digest + "  -\n"}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(verdict_.outcome, run_outcome::passed) << verdict_.reason;
    std::filesystem::remove(file);
    expect_same(replay(folder));
}

TEST_F(exact_replay_test, keeps_what_the_command_line_changed) {
    load(std::string(boot_step_json) +
         R"({"name": "one", "run": "true"}, {"name": "two", "run": "sleep 9", "timeout": "2s"})");
    scenario_.steps[1].left_out = true;
    scenario_.machine.memory_bytes = 1u << 30;
    multiplier_ = 3;
    answers_ = {{{}, 0, [this] { answer_after(5s); }}};
    boot();
    const auto folder = play_recorded();
    EXPECT_EQ(verdict_.outcome, run_outcome::passed) << verdict_.reason;
    expect_same(replay(folder));
}

TEST_F(exact_replay_test, says_where_the_recording_is_another) {
    const auto folder = record_whole_run();
    auto text = journal();
    const auto at = text.find(R"("exit":1)");
    ASSERT_NE(at, std::string::npos);
    text.replace(at, 8, R"("exit":2)");
    replace_journal(text);
    const auto replayed = replay(folder);
    ASSERT_TRUE(replayed.difference);
    EXPECT_EQ(replayed.difference->expected["exit"], 2);
    EXPECT_EQ(replayed.difference->got["exit"], 1);
    const auto before = text.substr(0, at);
    EXPECT_EQ(replayed.difference->line,
              1u + static_cast<std::size_t>(std::ranges::count(before, '\n')));
}

}  // namespace
}  // namespace qh
