#include "run/guest/command_channel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>

#include "run/guest/assignment_lines.hpp"
#include "run/shell_fixture.hpp"
#include "support/splits.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using language = enum shell_request::language;

class command_channel_on : public test::each_shell {};

TEST_P(command_channel_on, tells_the_exact_exit_status) {
    for (const int status : {0, 1, 2, 7, 126, 127, 255})
        EXPECT_EQ(run(fmt::format("exit {}", status)).status, status);
    EXPECT_EQ(run("true").status, 0);
    EXPECT_EQ(run("false").status, 1);
    EXPECT_EQ(run("no-such-command-at-all 2>/dev/null").status, 127);
    EXPECT_EQ(run("sh -c 'kill -4 $$'").status, 132);
}

TEST_P(command_channel_on, gives_the_output_byte_for_byte) {
    const struct {
        const char* code;
        std::string output;
    } cases[] = {
        {"echo hello", "hello\n"},
        {"printf 'no newline'", "no newline"},
        {"true", ""},
        {"printf '\\n'", "\n"},
        {"printf '\\n\\n\\n'", "\n\n\n"},
        {"printf 'a\\r\\nb\\rc'", "a\r\nb\rc"},
        {"printf 'tab\\there\\n'", "tab\there\n"},
        {"echo out; echo err >&2", "out\nerr\n"},
        {"printf '\\033[31mred\\033[0m'", "\x1b[31mred\x1b[0m"},
        {"printf 'guest# '; printf '\\nguest# \\n$ \\n# '", "guest# \nguest# \n$ \n# "},
        {"printf '@@E0:\\n@@w00000x00001:E0\\n\\n@@%s%s:E0\\n' w0 0",
         "@@E0:\n@@w00000x00001:E0\n\n@@w00:E0\n"},
        {"printf '\\n@@'", "\n@@"},
        {"printf '[    1.234567] not the kernel\\n'", "[    1.234567] not the kernel\n"},
        {"printf '[    1.23'", "[    1.23"},
        {"printf '['", "["},
    };
    for (const auto& c : cases) {
        const auto result = run(c.code);
        EXPECT_EQ(result.output, c.output) << c.code;
        EXPECT_EQ(result.status, 0) << c.code;
    }
}

TEST_P(command_channel_on, carries_every_byte_of_binary_output) {
    std::string all, script = "printf '";
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
        script += fmt::format("\\{:03o}", byte);
    }
    EXPECT_EQ(run(script + "'").output, all);
}

TEST_P(command_channel_on, carries_every_character_of_a_command) {
    std::string text;
    for (int byte = 1; byte < 128; ++byte)
        if (byte != '\'') text += static_cast<char>(byte);
    text += "caf\xc3\xa9 \xff";
    EXPECT_EQ(run("printf %s '" + text + "'").output, text);
}

TEST_P(command_channel_on, runs_a_command_of_200_kB) {
    const std::string long_text = test::random_bytes("abc $`\\\"\n\t{}", 200'000, 1);
    const auto result = run("printf '%s|' '" + long_text + "'");
    EXPECT_EQ(result.output, long_text + "|");
}

TEST_P(command_channel_on, runs_commands_of_several_lines) {
    const auto result =
        run("x=\"it's \\$5 `echo back`\"\n"
            "for i in 1 2; do\n"
            "\techo \"$i: $x\"\n"
            "done\n"
            "cat <<'END'\n"
            "a 'quoted' $HOME `here`\n"
            "END\n"
            "exit 9 # comment");
    EXPECT_EQ(result.output, "1: it's $5 back\n2: it's $5 back\na 'quoted' $HOME `here`\n");
    EXPECT_EQ(result.status, 9);
}

TEST_P(command_channel_on, says_what_is_wrong_with_a_bad_command) {
    const auto result = run("if true; then");
    EXPECT_NE(result.status, 0);
    EXPECT_NE(result.output, "");
    EXPECT_EQ(run("echo ok").output, "ok\n");
}

TEST_P(command_channel_on, gives_a_command_no_input) {
    EXPECT_EQ(run("cat; echo after $?").output, "after 0\n");
    EXPECT_EQ(run("read x || echo eof").output, "eof\n");
}

TEST_P(command_channel_on, fails_what_would_leave_a_loop_that_is_not_its_own) {
    EXPECT_NE(run("false\nbreak\nfalse").status, 0);
    EXPECT_NE(run("[ -e /nonexistent ] || continue\nfalse").status, 0);
    EXPECT_EQ(run("for i in 1 2; do [ $i = 1 ] && continue; break; done; echo $i").output, "2\n");
}

/// A program in the guest that reads from the shell's terminal gets lines in its place.
TEST_P(command_channel_on, sends_again_what_was_lost) {
    const auto run_without_line = [this](const std::string& code, std::size_t line) {
        shell_.execute({language::shell, code}, std::chrono::steady_clock::now());
        auto typing = shell_.take_typing();
        std::size_t start = 0;
        for (; line > 0; --line) start = typing.find('\n', start) + 1;
        typing.erase(start, typing.find('\n', start) + 1 - start);
        pty_->type(typing);
        std::optional<channel_result> result;
        EXPECT_TRUE(pump([&] { return (result = shell_.take_result()).has_value(); }));
        return result.value_or(channel_result{});
    };
    const auto long_code = "echo " + std::string(1500, 'x') + ";false";
    EXPECT_EQ(run("echo first").output, "first\n");
    for (const std::size_t line : {0, 1, 2}) {
        const auto result = run_without_line(long_code, line);
        EXPECT_EQ(result.status, 1) << line;
        EXPECT_EQ(result.output, std::string(1500, 'x') + "\n") << line;
    }
}

/// Plays a line that loses bytes on the way to the shell. Time jumps where nothing comes.
class lossy_line_on : public test::each_shell {
  protected:
    std::optional<channel_result> run_lossy(const std::string& code, unsigned seed) {
        std::mt19937 random(seed);
        auto now = std::chrono::steady_clock::now();
        shell_.execute({language::shell, code}, now);
        for (int silences = 0; silences < 100;) {
            std::string typing;
            for (const char byte : shell_.take_typing())
                if (random() % 3000 != 0) typing += byte;
            pty_->type(typing);
            const auto asked = std::chrono::steady_clock::now();
            const auto bytes = pty_->exchange(asked + 200ms);
            if (!bytes.empty()) {
                shell_.feed(bytes, now);
            } else if (std::chrono::steady_clock::now() >= asked + 200ms && shell_.deadline()) {
                ++silences;
                now = std::max(now, *shell_.deadline());
                shell_.tick(now);
            }
            if (auto result = shell_.take_result()) return result;
            if (!shell_.problem().empty()) return std::nullopt;
        }
        ADD_FAILURE() << "no end with seed " << seed << "; the terminal shows:\n"
                      << printable_tail();
        return std::nullopt;
    }
};

TEST_P(lossy_line_on, a_command_arrives_whole_or_is_not_run) {
    unsigned arrived = 0;
    for (unsigned seed = 0; seed < 8; ++seed) {
        const auto result =
            run_lossy("for i in 1 2 3; do echo \"line $i of $((6*7))\"; done", seed);
        if (!result) break;
        EXPECT_EQ(result->output, "line 1 of 42\nline 2 of 42\nline 3 of 42\n") << seed;
        EXPECT_EQ(result->status, 0) << seed;
        ++arrived;
    }
    EXPECT_GT(arrived, 2u);
}

INSTANTIATE_TEST_SUITE_P(shells, lossy_line_on, testing::ValuesIn(test::shells()),
                         test::name_of_shell);

TEST_P(command_channel_on, lives_on_after_exit_and_exec) {
    EXPECT_EQ(run("exit 3").status, 3);
    EXPECT_EQ(run("exec sh -c 'exit 4'").status, 4);
    EXPECT_EQ(run("cd /; set -e; false; echo not here").status, 1);
    EXPECT_EQ(run("echo alive").output, "alive\n");
}

TEST_P(command_channel_on, keeps_a_background_job_out_of_later_output) {
    const auto first = run("sleep 1000 >/dev/null 2>&1 & echo $!");
    EXPECT_EQ(run("kill " + first.output).output, "");
    EXPECT_EQ(run("echo ok").output, "ok\n");
}

TEST_P(command_channel_on, keeps_statuses_exact_while_a_background_job_prints) {
    const auto job = run("while :; do echo noise; echo @@; done & echo $!");
    for (int status = 0; status < 100; ++status)
        ASSERT_EQ(run(fmt::format("exit {}", status)).status, status);
    const auto number = job.output.substr(job.output.find_first_of("0123456789"));
    run("kill -9 " + number.substr(0, number.find('\n')));
}

TEST_P(command_channel_on, gives_standard_error_apart_byte_for_byte) {
    std::string all, octal;
    for (int byte = 0; byte < 256; ++byte) {
        all += static_cast<char>(byte);
        octal += fmt::format("\\{:03o}", byte);
    }
    const struct {
        std::string code;
        int status;
        std::string output, errors;
    } cases[] = {
        {"echo out; echo err >&2; exit 7", 7, "out\n", "err\n"},
        {"printf out; printf err >&2", 0, "out", "err"},
        {"true", 0, "", ""},
        {"printf '" + octal + "'; printf '" + octal + "' >&2; exit 255", 255, all, all},
        {"printf '\\n@@X\\n\\n' >&2", 0, "", "\n@@X\n\n"},
        {"exec 2>&1; echo both >&2", 0, "both\n", ""},
    };
    for (const auto& c : cases) {
        const auto result = finish({language::shell, c.code, true});
        EXPECT_EQ(result.status, c.status) << c.code;
        EXPECT_EQ(result.output, c.output) << c.code;
        EXPECT_EQ(result.errors, c.errors) << c.code;
        EXPECT_EQ(result.problem, "") << c.code;
    }
    EXPECT_EQ(run("echo merged >&2").output, "merged\n");
    EXPECT_TRUE(std::filesystem::directory_iterator(folder()) ==
                std::filesystem::directory_iterator())
        << "nothing is left behind";
}

TEST_P(command_channel_on, keeps_the_shells_own_words_about_a_signal_out_of_standard_output) {
    const auto result = finish({language::shell, "echo before; sh -c 'kill -4 $$'", true});
    EXPECT_EQ(result.status, 132);
    EXPECT_EQ(result.output, "before\n");
}

TEST_P(command_channel_on, serves_300_commands_in_a_row) {
    for (int i = 0; i < 300; ++i) {
        const auto result = run(fmt::format("echo {}; exit {}", i, i % 256));
        ASSERT_EQ(result.output, fmt::format("{}\n", i));
        ASSERT_EQ(result.status, i % 256);
    }
}

TEST_P(command_channel_on, counts_what_a_long_output_has_beyond_the_limit) {
    const auto result = run("dd if=/dev/zero bs=1024 count=1100 2>/dev/null | tr '\\000' x");
    EXPECT_EQ(result.output, std::string(1 << 20, 'x'));
    EXPECT_EQ(result.dropped_bytes, 1100u * 1024 - (1u << 20));
    EXPECT_EQ(run("echo ok").output, "ok\n");
}

TEST_P(command_channel_on, interrupts_a_command_that_sleeps_or_spins) {
    for (const char* code : {"sleep 1000", "while :; do :; done", "cat /dev/zero >/dev/null"}) {
        const auto seen = pty_->seen().size();
        shell_.execute({language::shell, std::string("printf '@sta%s@' rted;") + code},
                       std::chrono::steady_clock::now());
        ASSERT_TRUE(
            pump([&] { return pty_->seen().find("@started@", seen) != std::string::npos; }));
        shell_.interrupt(std::chrono::steady_clock::now());
        const auto result = run("echo ok");
        EXPECT_EQ(result.output, "ok\n") << code;
        EXPECT_EQ(result.status, 0) << code;
    }
}

TEST_P(command_channel_on, ends_a_command_that_ignores_ctrl_c) {
    ASSERT_TRUE(begin(language::shell, "trap '' INT; printf '@sta%s@' rted; sleep 1000"));
    shell_.interrupt(std::chrono::steady_clock::now());
    const auto result = run("echo ok; exit 3");
    EXPECT_EQ(result.output, "ok\n");
    EXPECT_EQ(result.status, 3);
}

TEST_P(command_channel_on, leaves_an_interactive_prompt_and_comes_back) {
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(run("echo before").output, "before\n");
        shell_.leave(std::chrono::steady_clock::now());
        ASSERT_TRUE(pump([&] { return shell_.at_prompt(); }));
        pty_->type(fmt::format("echo Z-$((2+{}))\r", round));
        const auto answer = fmt::format("Z-{}", 2 + round);
        ASSERT_TRUE(pump([&] { return pty_->seen().find(answer) != std::string::npos; }));
        EXPECT_NE(pty_->seen().find(fmt::format("$((2+{}))", round)), std::string::npos)
            << "what is typed at the prompt is echoed";
    }
    EXPECT_EQ(run("echo after").output, "after\n");
}

INSTANTIATE_TEST_SUITE_P(shells, command_channel_on, testing::ValuesIn(test::shells()),
                         test::name_of_shell);

TEST(assignment_lines, are_short_and_hold_no_control_character) {
    for (unsigned seed = 1; seed <= 10; ++seed) {
        const auto text = test::random_bytes("a'\"\n\x01\x7f$`\\ \xc3", 5000, seed);
        for (const auto& line : assignment_lines(text)) {
            EXPECT_LE(line.size(), 800u);
            for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
        }
    }
    EXPECT_EQ(assignment_lines(""), std::vector<std::string>{"__c="});
    EXPECT_EQ(assignment_lines("it's"), std::vector<std::string>{R"(__c='it'\''s')"});
}

TEST(assignment_lines, tell_how_a_text_stands_within_them) {
    for (const std::string text : {"it", "it's", "'", "a\nb", "\n", "\ta\t", "\x01", "a\\"})
        for (const std::string before : {"", "x", "'", "\n"})
            for (const std::string after : {"", "x", "'", "\n"})
                EXPECT_NE(
                    assignment_lines(before + text + after).front().find(within_assignment(text)),
                    std::string::npos)
                    << before << text << after;
    EXPECT_EQ(within_assignment("it's"), R"(it'\''s)");
    EXPECT_EQ(within_assignment("a\nb"), R"(a'"$__n"'b)");
}

TEST(command_channel, asks_again_while_nobody_answers) {
    command_channel channel(test::numbered_words(), line_use::shared);
    const time_point start{1000s};
    channel.open(start);
    const auto first = channel.take_typing();
    EXPECT_NE(first, "");
    channel.tick(start + 4s);
    EXPECT_EQ(channel.take_typing(), "");
    ASSERT_EQ(channel.deadline(), start + 5s);
    channel.tick(start + 5s);
    EXPECT_EQ(channel.take_typing(), first);
    EXPECT_EQ(channel.deadline(), start + 15s);
    EXPECT_FALSE(channel.established());
}

TEST(command_channel, ends_in_ever_harsher_ways_what_does_not_end) {
    command_channel channel(test::numbered_words(), line_use::shared);
    const time_point start{1000s};
    channel.interrupt(start);
    EXPECT_EQ(channel.take_typing(), "\x03");
    channel.tick(start + 300ms);
    EXPECT_THAT(channel.take_typing(), testing::HasSubstr("w00000 x00001"));
    channel.tick(start + 3300ms);
    EXPECT_EQ(channel.take_typing(), "\x03\x1c");
    channel.interrupt(start + 3400ms);
    EXPECT_EQ(channel.take_typing(), "") << "it is on its way already";
    channel.tick(start + 3600ms);
    EXPECT_THAT(channel.take_typing(), testing::HasSubstr("w00001 x00002"));
    channel.tick(start + 6600ms);
    EXPECT_EQ(channel.take_typing(), "\x03\x1a");
    EXPECT_FALSE(channel.stuck());
    channel.tick(start + 6900ms);
    EXPECT_THAT(channel.take_typing(), testing::HasSubstr("kill -9"));
}

/// On a starved host a shell reads the same opening several times, and its line editing leaves the
/// last one without an end for the terminal: the first command would be read as part of it.
TEST(command_channel, what_was_typed_more_than_once_is_read_before_the_first_command) {
    command_channel channel(test::numbered_words(), line_use::own);
    channel.open(time_point{});
    channel.tick(time_point{5s});
    channel.tick(time_point{15s});
    channel.take_typing();
    channel.feed("\n@@w00000x00001:O42\n", time_point{16s});
    EXPECT_EQ(channel.current(), command_channel::state::opening);
    const auto typed = channel.take_typing();
    EXPECT_TRUE(typed.starts_with('\n')) << "ends what may have no end";
    EXPECT_THAT(typed, testing::HasSubstr("w00001 x00002"));
    channel.feed("\n@@w00000x00001:O42\n", time_point{17s});
    EXPECT_EQ(channel.current(), command_channel::state::opening) << "an answer to the old word";
    channel.feed("\n@@w00001x00002:O42\n", time_point{18s});
    EXPECT_EQ(channel.current(), command_channel::state::idle);
    EXPECT_EQ(channel.shell_pid(), 42);
}

TEST(command_channel, does_not_take_the_echo_of_its_own_words_for_an_answer) {
    command_channel channel(test::numbered_words(), line_use::shared);
    channel.open(time_point{});
    const auto echo = channel.take_typing() + "\n";
    for (const auto& chunks : test::all_splits(echo))
        for (const auto& chunk : chunks) channel.feed(chunk, time_point{});
    EXPECT_EQ(channel.current(), command_channel::state::opening);
}

/// A channel that has heard the opening marker, with lines ending in `line_end`.
command_channel opened(const char* line_end, line_use use = line_use::shared, int number = 0) {
    command_channel channel(test::numbered_words(), use);
    channel.open(time_point{});
    channel.take_typing();
    for (int i = 0; i < 2; ++i)
        channel.feed(fmt::format("\n@@w00000x00001:O{}{}", number, line_end), time_point{});
    channel.take_typing();
    return channel;
}

/// One that has been told that the command "x" has arrived whole.
command_channel executing(const char* line_end, int number = 0) {
    auto channel = opened(line_end, line_use::shared, number);
    channel.execute({"x"}, time_point{});
    channel.feed(fmt::format("\n@@w00001x00002:V1y{}", line_end), time_point{});
    return channel;
}

TEST(command_channel, understands_markers_that_the_kernel_cuts_into) {
    const std::string kernel = "[   12.345678] Kernel panic - not syncing: x\r\n";
    const std::string answer = "\n@@w00001x00002:B\nresult\n@@w00001x00002:E5\n";
    for (std::size_t at = 0; at <= answer.size(); ++at)
        for (const std::size_t cut : {at, at + 5, at + kernel.size()}) {
            auto channel = executing("\n");
            const auto bytes = answer.substr(0, at) + kernel + answer.substr(at);
            channel.feed(bytes.substr(0, cut), time_point{});
            channel.feed(bytes.substr(std::min(cut, bytes.size())), time_point{});
            const auto result = channel.take_result();
            ASSERT_TRUE(result) << at;
            EXPECT_EQ(result->status, 5);
            EXPECT_EQ(result->output, "result");
            EXPECT_THAT(channel.take_kernel_lines(),
                        testing::ElementsAre("[   12.345678] Kernel panic - not syncing: x"));
        }
}

channel_result answered(command_channel& channel, const std::string& bytes) {
    channel.feed(bytes, time_point{});
    auto result = channel.take_result();
    EXPECT_TRUE(result) << bytes;
    return result.value_or(channel_result{});
}

TEST(command_channel, knows_a_marker_when_a_background_job_prints_before_it) {
    for (const auto* noise : {"noise", "noise\n", "\n"}) {
        auto channel = executing("\n");
        const auto result =
            answered(channel, fmt::format("\n@@w00001x00002:B\nout\n{}@@w00001x00002:E5\n", noise));
        EXPECT_EQ(result.status, 5) << noise;
        EXPECT_EQ(result.problem, "") << noise;
    }
}

TEST(command_channel, takes_no_status_for_zero_that_it_cannot_read) {
    for (const auto* status : {"", "x", "1x", "[ 1.0] usb"}) {
        auto channel = executing("\n");
        const auto result =
            answered(channel, fmt::format("\n@@w00001x00002:B\n\n@@w00001x00002:E{}\n", status));
        EXPECT_NE(result.status, 0) << status;
        EXPECT_THAT(result.problem, testing::HasSubstr("exit status was lost")) << status;
    }
}

TEST(command_channel, says_that_there_is_no_place_for_standard_error) {
    auto channel = opened("\n", line_use::own);
    channel.execute({.text = "x", .stderr_apart = true}, time_point{});
    const auto result =
        answered(channel, "\n@@w00001x00002:B\n\n@@w00001x00002:E900\n\n@@w00001x00002:X\n");
    EXPECT_THAT(result.problem, testing::HasSubstr("$TMPDIR, /tmp, /dev/shm and /run"));
}

TEST(command_channel, counts_an_unstamped_line_as_the_kernels_only_where_it_stamps_none) {
    const std::string oops = "Oops [#1]\r\n", stamped = "[    1.000000] usb\r\n";
    const struct {
        const char* behaviour;
        int stamps;
        std::string bytes;
        std::vector<std::string> kernel_lines;
    } cases[] = {
        {"stamps are on", 1, oops, {}},
        {"stamps are off", 0, oops, {"Oops [#1]"}},
        {"stamps were seen", 0, stamped + oops, {"[    1.000000] usb"}},
    };
    for (const auto& c : cases) {
        auto channel = executing("\n", c.stamps);
        channel.take_kernel_lines();
        const auto result =
            answered(channel, "\n@@w00001x00002:B\n" + c.bytes + "\n@@w00001x00002:E0\n");
        EXPECT_EQ(result.output, oops) << c.behaviour;
        EXPECT_EQ(channel.take_kernel_lines(), c.kernel_lines) << c.behaviour;
    }
}

TEST(command_channel, on_a_line_of_its_own_leaves_every_byte_to_the_command) {
    auto channel = opened("\n", line_use::own, 123);
    EXPECT_EQ(channel.shell_pid(), 123);
    const std::string all = "a[    1.000000] usb\r\nOops [#1]\r\n[   2.00";
    channel.execute({"x"}, time_point{});
    EXPECT_EQ(answered(channel, "\n@@w00001x00002:B\n" + all + "\n@@w00001x00002:E0\n").output,
              all);
    EXPECT_TRUE(channel.take_kernel_lines().empty());
}

TEST(command_channel, on_a_line_of_its_own_asks_for_help_in_the_end) {
    auto channel = opened("\n", line_use::own, 123);
    channel.execute({"x"}, time_point{});
    const time_point start{1000s};
    channel.interrupt(start);
    for (auto wait = 0ms; wait < 6500ms; wait += 100ms) channel.tick(start + wait);
    EXPECT_FALSE(channel.stuck());
    channel.tick(start + 6600ms);
    EXPECT_TRUE(channel.stuck());
    EXPECT_EQ(channel.deadline(), std::nullopt);
}

/// What a shell answers to the last marker that is typed; "" where there is none.
std::string answer_to(const std::string& typing, const std::string& line_came) {
    static const re2::RE2 marker(R"(:([A-Z][0-9]*)(?:%[ds])?\\n' (\w+) (\w+))");
    re2::StringPiece rest(typing);
    std::string tag, one, two, answer;
    while (re2::RE2::FindAndConsume(&rest, marker, &tag, &one, &two))
        answer = fmt::format("\n@@{}{}:{}{}\n", one, two, tag,
                             tag.starts_with('V') ? line_came
                             : tag == "O"         ? "0"
                                                  : "");
    return answer;
}

TEST(command_channel, executes_nothing_that_arrived_changed) {
    auto channel = opened("\n");
    channel.execute({"x"}, time_point{});
    std::string typed;
    std::optional<channel_result> result;
    auto now = time_point{1000s};
    for (int turn = 0; turn < 50 && !result; ++turn) {
        const auto typing = channel.take_typing();
        typed += typing;
        if (const auto answer = answer_to(typing, "n"); !answer.empty())
            channel.feed(answer, now);
        else if (channel.deadline())
            channel.tick(now = std::max(now, *channel.deadline()));
        result = channel.take_result();
    }
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->line_lost);
    EXPECT_THAT(result->problem, HasSubstr("loses or changes what is typed"));
    EXPECT_THAT(typed, testing::Not(HasSubstr("eval \"$__g\"\n")));
    EXPECT_THAT(typed, HasSubstr("\x03")) << "the shell may be in a loop that is none of ours";
}

// A guest that is only slow must not be told twice to execute.
TEST(command_channel, types_a_lost_go_again_and_a_late_one_not) {
    const std::string go = "eval \"$__g\"\n";
    const struct {
        const char* answer;
        bool again;
    } cases[] = {
        {"\n@@w00001x00002:V2y\n", true},
        {"\n@@w00001x00002:B\n\n@@w00001x00002:V2y\n", false},
        {"\n@@w00001x00002:V1y\n", false},
    };
    for (const auto& c : cases) {
        auto channel = executing("\n");
        EXPECT_THAT(channel.take_typing(), testing::EndsWith(go));
        channel.tick(time_point{5s});
        EXPECT_THAT(channel.take_typing(), HasSubstr("V2%s"));
        channel.feed(c.answer, time_point{6s});
        EXPECT_EQ(channel.take_typing(), c.again ? go : "") << c.answer;
    }
}

TEST(command_channel, says_whether_it_can_tell_the_kernels_lines) {
    EXPECT_TRUE(opened("\n").tells_kernel_lines_apart());
    auto without_stty = opened("\r\n");
    EXPECT_TRUE(without_stty.established());
    EXPECT_FALSE(without_stty.tells_kernel_lines_apart());
    without_stty = executing("\r\n");
    without_stty.feed("\r\n@@w00001x00002:B\r\na\r\nb\r\n\r\n@@w00001x00002:E0\r\n", time_point{});
    EXPECT_EQ(without_stty.take_result()->output, "a\nb\n");
}

}  // namespace
}  // namespace qh
