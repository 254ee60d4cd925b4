// `qharness lint` as people and editors see it.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

using testing::HasSubstr;

using lint = harness_test;

constexpr auto six_mistakes = R"js({
  // Everything is wrong here, once.
  "name": "six",
  "machine": { "image": "tiny", "memroy": "1G" },
  "params": { "unused": 1, "n": 2 },
  "timeout": "5m",
  "steps": [
    { "boot": "shell", "timeout": "1 fortnight" },
    { "run": "echo {{n}}", "match": "a(?=b)", "ext": 0 },
    { "run": "uname", "capture": "(?P<system>\\w+)", "check": "sistem == Linux" }
  ]
}
)js";

constexpr auto six_mistakes_told =
    R"js(six.json:4:33: error: "machine" has no "memroy"; did you mean "memory"?
    "machine": { "image": "tiny", "memroy": "1G" },
                                  ^
six.json:5:25: warning: nothing uses the parameter "unused"
    "params": { "unused": 1, "n": 2 },
                          ^
six.json:8:35: error: '1 fortnight' is not a duration; write 250ms, 30s, 2m or 1h
      { "boot": "shell", "timeout": "1 fortnight" },
                                    ^
six.json:9:37: error: "match" is no regex that RE2 can run: invalid perl operator: (?=: it has no such thing as a lookahead; match the whole line, or use "not_match"
      { "run": "echo {{n}}", "match": "a(?=b)", "ext": 0 },
                                      ^
six.json:9:47: error: a step has no "ext"; did you mean "exit"?
      { "run": "echo {{n}}", "match": "a(?=b)", "ext": 0 },
                                                ^
six.json:10:63: error: nothing gives "sistem" a value: it is no parameter, no fact, and no step up to here captures it; did you mean "system"?
      { "run": "uname", "capture": "(?P<system>\\w+)", "check": "sistem == Linux" }
                                                                ^
)js";

TEST_F(lint, prints_every_mistake_with_its_line_and_a_caret) {
    write("six.json", six_mistakes);
    const auto end = call({"lint", "six.json"});
    EXPECT_EQ(end.status, (exit_status{false, 4}));
    EXPECT_EQ(end.output, six_mistakes_told);
    EXPECT_EQ(end.errors, "5 errors, 1 warning, 0 notes\n");
}

TEST_F(lint, points_into_an_included_file_past_tabs_and_letters_of_any_sort) {
    std::filesystem::create_directory(folder() / "lib");
    write("lib/part.json", "{\"steps\": [\n\t{\"run\": \"\u00e4\u65e5\", \"exitt\": 0}]}\n");
    write("s.json", R"({"name": "s", "steps": [{"include": "lib/part.json"}]})");
    EXPECT_EQ(call({"lint", "s.json"}).output,
              "lib/part.json:2:16: error: a step has no \"exitt\"; did you mean \"exit\"?\n"
              "   {\"run\": \"\u00e4\u65e5\", \"exitt\": 0}]}\n"
              "                 ^\n");
}

TEST_F(lint, tells_editors_where_each_mistake_begins_and_ends) {
    write("s.json", "{\"name\": \"s\", \"steps\": [\n  {\"run\": \"x\", \"exitt\": 0}]}");
    const auto end = call({"lint", "--json", "s.json"});
    EXPECT_EQ(end.status, (exit_status{false, 4}));
    EXPECT_EQ(parse_json(end.output),
              (json{{"errors", 1},
                    {"warnings", 0},
                    {"notes", 0},
                    {"problems",
                     {{{"file", "s.json"},
                       {"line", 2},
                       {"column", 16},
                       {"end_line", 2},
                       {"end_column", 23},
                       {"severity", "error"},
                       {"message", "a step has no \"exitt\"; did you mean \"exit\"?"}}}}}));
}

TEST_F(lint, tells_a_capture_that_is_only_recorded_unless_asked_not_to) {
    write("s.json", R"js({"name": "s", "steps": [{"run": "x", "capture": "(?P<v>.)"}]})js");
    const auto end = call({"lint", "s.json"});
    EXPECT_EQ(end.status, (exit_status{false, 0}));
    EXPECT_THAT(end.output, HasSubstr("s.json:1:49: note: nothing uses the capture \"v\""));
    const auto without = call({"lint", "--no-notes", "s.json"});
    EXPECT_EQ(without.output + without.errors, "");
}

TEST_F(lint, refuses_what_cannot_be_a_scenario_at_once_and_says_why) {
    ASSERT_EQ(::mkfifo((folder() / "pipe").c_str(), 0600), 0);
    std::filesystem::create_directory(folder() / "folder");
    write("large.json", "{\"a\": \"" + std::string(100u << 20, 'x') + "\"}");
    write("deep.json", std::string(10'000, '[') + std::string(10'000, ']'));
    std::string values = "{}", names = "\"a\": 1";
    for (int i = 0; i < 1'000'000; ++i) values += ",{}";
    for (int i = 0; i < 150'000; ++i) names += ", \"name" + std::to_string(i) + "\": 1";
    write("many.json", "{\"name\": \"s\", \"steps\": [" + values + "]}");
    write("names.json", "{\"name\": \"s\", \"steps\": [{\"run\": \"x\"}], " + names + "}");
    const struct {
        const char* file;
        const char* words;
    } cases[] = {
        {"none.json", "none.json:1:1: error: there is no scenario none.json"},
        {"folder", "folder:1:1: error: cannot read folder: Is a directory"},
        {"pipe", "pipe:1:1: error: cannot read pipe: it is no regular file"},
        {"large.json", "large.json:1:1: error: large.json is larger than the limit of 16 MiB"},
        {"deep.json", "deep.json:1:101: error: nested deeper than 100 levels"},
        {"many.json", "error: more than 200000 values in one file"},
        {"names.json", "and 100 or more errors"},
    };
    for (const auto& c : cases) {
        const auto end = call({"lint", c.file});
        EXPECT_EQ(end.status, (exit_status{false, 4})) << c.file;
        EXPECT_THAT(end.output, HasSubstr(c.words));
        EXPECT_LT(end.output.size(), 100'000u) << c.file;
    }
}

}  // namespace
}  // namespace qh::integration
