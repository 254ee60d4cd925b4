// Whatever a guest prints, the terminal stays the user's and the record stays whole.
#include <gmock/gmock.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

/// Escape sequences (7 and 8 bit, and C1 in UTF-8), invalid UTF-8 and NUL, each byte one
/// character: what the fake's "print" takes.
const std::string hostile_bytes =
    "\x1b]0;owned\x07 \x1b[2J\x1b[31m \x9b"
    "2J \xc2\x9b"
    "2J \xff\xfe\xc3( \x7f \b\b " +
    std::string(1, '\0');

/// The bytes as a text of U+0000 to U+00FF.
std::string as_latin_1(const std::string& bytes) {
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            text += c;
        } else {
            text += static_cast<char>(0xC0 | (byte >> 6));
            text += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return text;
}

/// The bytes as a shell's printf format.
std::string as_octal(const std::string& bytes) {
    std::string text;
    for (const char c : bytes) text += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    return text;
}

class hostile_output : public fake_qemu_test {
  protected:
    static void expect_harmless(const recorded_run& run) {
        EXPECT_TRUE(is_harmless(run.end.output)) << testing::PrintToString(run.end.output);
        EXPECT_TRUE(is_harmless(run.end.errors)) << testing::PrintToString(run.end.errors);
    }
};

TEST_F(hostile_output, the_consoles_log_is_byte_for_byte_what_the_guest_printed) {
    const auto bytes = hostile_bytes + "\r\nthe end\r\n";
    play_guest({print(as_latin_1(bytes))});
    const auto run = this->run(scenario({{{"expect", "the end"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output;
    EXPECT_EQ(read_file(run.folder / "console.log"), bytes);
    expect_harmless(run);
}

TEST_F(hostile_output, a_record_of_somebody_elses_that_is_told_is_harmless) {
    play_guest({shell_action()});
    const auto run =
        this->run(scenario({boot_step(), {{"name", "bad"}, {"run", "echo oh; false"}}}));
    auto journal = read_file(run.folder / "journal.jsonl");
    const auto poison = [&](const std::string& from, const std::string& to) {
        for (auto at = journal.find(from); at != std::string::npos; at = journal.find(from, at + 1))
            journal.replace(at, from.size(), to);
    };
    poison("\"journal\":4", "\"journal\":1");
    poison("\"output\":\"oh", "\"output\":\"\\u001b]0;owned\\u0007");
    poison("\"name\":\"bad\"", "\"name\":\"\\u001b[2J\"");
    write_file_atomically(run.folder / "journal.jsonl", journal);
    const auto told = call({"replay", run.folder.string()});
    EXPECT_THAT(told.output, HasSubstr("owned"));
    EXPECT_TRUE(is_harmless(told.output)) << testing::PrintToString(told.output);
    EXPECT_TRUE(is_harmless(told.errors)) << testing::PrintToString(told.errors);
}

TEST_F(hostile_output, a_failed_runs_excerpt_is_harmless_on_the_terminal) {
    play_guest({print(as_latin_1(hostile_bytes + "\r\n" + hostile_bytes))});
    const auto run = this->run(scenario({{{"expect", "never printed"}, {"timeout", "1s"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 1}));
    EXPECT_THAT(run.end.output, HasSubstr("\\x9b2J"));
    expect_harmless(run);
}

TEST_F(hostile_output, a_failure_message_with_escapes_is_harmless_on_the_terminal) {
    play_guest(
        {print(as_latin_1("[    1.000000] Kernel panic - not syncing: " + hostile_bytes + "\r\n")),
         {{"stay", true}}});
    const auto run = this->run(scenario({{{"expect", "never printed"}}}));
    EXPECT_EQ(run.result["outcome"], "panicked");
    expect_harmless(run);
}

TEST_F(hostile_output, output_captures_and_reasons_of_a_step_are_harmless_on_the_terminal) {
    play_guest({shell_action()});
    const auto run = this->run(scenario({boot_step(),
                                         {{"run", "printf '" + as_octal(hostile_bytes) + "'"},
                                          {"capture", "(?s)(?P<all>\\C*)"},
                                          {"check", {"all == peace"}}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 1})) << run.end.output;
    expect_harmless(run);
}

TEST_F(hostile_output, the_json_document_is_valid_and_harmless) {
    play_guest({print(as_latin_1(hostile_bytes + "\r\n"))});
    const auto run =
        this->run(scenario({{{"expect", "never printed"}, {"timeout", "1s"}}}), {"--json"});
    EXPECT_EQ(parse_json(run.end.output)["runs"][0]["outcome"], run.result["outcome"]);
    expect_harmless(run);
}

TEST_F(hostile_output, a_line_of_five_megabytes_is_survived_and_recorded) {
    constexpr std::size_t length = 5 << 20;
    play_guest({{{"print", "x"}, {"times", length}}, print("\r\nthe end\r\n")});
    const auto run = this->run(scenario({{{"expect", "the end"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output;
    EXPECT_EQ(read_file(run.folder / "console.log"), std::string(length, 'x') + "\r\nthe end\r\n");
}

TEST_F(hostile_output, a_step_that_prints_five_megabytes_in_a_line_still_tells_its_status) {
    play_guest({shell_action()});
    const auto run = this->run(
        scenario({boot_step(),
                  {{"name", "flood"},
                   {"run", "head -c 5242880 /dev/zero | tr '\\0' x; exit 7"},
                   {"exit", 7}},
                  {{"name", "after"}, {"run", "echo still here"}, {"match", "^still here$"}}}));
    EXPECT_EQ(run.end.status, (exit_status{false, 0})) << run.end.output;
    EXPECT_EQ(run.step("flood")["output_dropped_bytes"], 4 << 20);
}

}  // namespace
}  // namespace qh::integration
