#include "run/judge/step_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace qh {
namespace {

using testing::HasSubstr;

std::optional<std::string> lookup(std::string_view name) {
    if (name == "limit") return "10";
    if (name == "v") return "from outside";
    return std::nullopt;
}

measurement_source number(const std::string& value) {
    measurement_source source;
    source.name = "m";
    source.value = value;
    source.unit = "B";
    return source;
}

step_check check(const step& s, int status, std::string_view output, std::string_view errors = {}) {
    measurement_series measured;
    return check_step(s, status, output, errors, lookup, measured);
}

struct rule_case {
    const char* behaviour;
    std::function<void(step&)> rules;
    int status;
    const char* output;
    const char* reason;  // empty: all holds
};

TEST(check_step, holds_a_result_against_each_rule) {
    const rule_case cases[] = {
        {"status 0 by default", [](step&) {}, 0, "", ""},
        {"status by default", [](step&) {}, 1, "", "exit status 1, expected 0"},
        {"status and last words", [](step&) {}, 1, "a\nno such \x1b file\n\n",
         "exit status 1, expected 0: no such \\x1b file"},
        {"the status asked for", [](step& s) { s.exit = 7; }, 7, "", ""},
        {"another status", [](step& s) { s.exit = 7; }, 0, "", "exit status 0, expected 7"},
        {"any status", [](step& s) { s.exit = {}; }, 99, "", ""},
        {"match", [](step& s) { s.match = {"^b$"}; }, 0, "a\nb\nc\n", ""},
        {"no match",
         [](step& s) {
             s.match = {"a", "^z$"};
         },
         0, "a\nb\n", "the output does not match /^z$/"},
        {"anchors hold for each branch", [](step& s) { s.match = {"^x|^b$"}; }, 0, "a\nb\n", ""},
        {"a dot does not cross lines", [](step& s) { s.match = {"a.*b"}; }, 0, "a\nb",
         "the output does not match /a.*b/"},
        {"unless asked to", [](step& s) { s.match = {"(?s)a.*b"}; }, 0, "a\nb", ""},
        {"a quoted pattern left open", [](step& s) { s.match = {R"(\Qa(b)"}; }, 0, "a(b", ""},
        {"match_stderr", [](step& s) { s.match_stderr = {"^e$"}; }, 0, "out\n", ""},
        {"no match_stderr", [](step& s) { s.match_stderr = {"^out$"}; }, 0, "out\n",
         "standard error does not match /^out$/"},
        {"not_match", [](step& s) { s.not_match = {"error"}; }, 0, "fine\n", ""},
        {"not_match broken",
         [](step& s) {
             s.not_match = {"x", "^err"};
         },
         0, "a\nerror\n", "the output matches /^err/"},
        {"a quoted pattern left open that must not match",
         [](step& s) { s.not_match = {R"(\Qa(b)"}; }, 0, "a(b", R"(the output matches /\Qa(b/)"},
        {"capture",
         [](step& s) {
             s.capture = "(?P<v>\\d+)";
             s.checks = {"v == 42"};
         },
         0, "x 42", ""},
        {"nothing to capture", [](step& s) { s.capture = "(?P<v>\\d+)"; }, 0, "x",
         "the output has nothing to capture: /(?P<v>\\d+)/ does not match"},
        {"this step's capture comes first",
         [](step& s) {
             s.capture = "(?P<v>\\d+)";
             s.checks = {"v < limit"};
         },
         0, "11", "v < limit (v is 11) (limit is 10) does not hold"},
        {"check without a capture", [](step& s) { s.checks = {"v contains outside"}; }, 0, "", ""},
        {"measurement", [](step& s) { s.measure = number("{{limit}}"); }, 0, "", ""},
        {"measurement that is no number", [](step& s) { s.measure = number("12 kB"); }, 0, "",
         "measurement m is no number: 12 kB"},
        {"measurement without a value", [](step& s) { s.measure = number("{{none}}"); }, 0, "",
         "measurement m is no number: {{none}}"},
        {"measurement that is empty", [](step& s) { s.measure = number(""); }, 0, "",
         "measurement m is no number: "},
        {"measurement that is not finite", [](step& s) { s.measure = number("nan"); }, 0, "",
         "measurement m is no number: nan"},
        {"JSON lines without one", [](step& s) { s.measure.emplace().json_lines = true; }, 0,
         "{\"name\": 1}\n",
         "the output has no measurement: no JSON line with \"name\" and a number as \"value\""},
        {"bad bytes do not matter", [](step& s) { s.match = {"^ok$"}; }, 0, "\xff\xfe\nok\n\xc3",
         ""},
    };
    for (const auto& c : cases) {
        step s;
        c.rules(s);
        EXPECT_EQ(check(s, c.status, c.output, "e\n").reason, c.reason) << c.behaviour;
    }
}

TEST(check_step, names_the_first_broken_rule) {
    step s;
    s.match = {"m"};
    s.not_match = {"n"};
    s.capture = "(?P<c>c)";
    s.checks = {"c == d"};
    s.measure = number("x");
    const struct {
        int status;
        const char* output;
        const char* reason;
    } cases[] = {
        {1, "n", "exit status 1"},          {0, "n", "does not match /m/"},
        {0, "m n", "the output matches"},   {0, "m", "nothing to capture"},
        {0, "m c", "c == d (c is c) does"},
    };
    for (const auto& c : cases)
        EXPECT_THAT(check(s, c.status, c.output).reason, HasSubstr(c.reason));
    s.checks.clear();
    EXPECT_THAT(check(s, 0, "m c").reason, HasSubstr("is no number"));
}

TEST(check_step, takes_captures) {
    step s;
    s.capture = "(?P<a>\\w+) (?P<b>\\d+)?";
    EXPECT_EQ(check(s, 0, "x \n").captured, (captures{{"a", "x"}, {"b", ""}}));
}

TEST(check_step, skips_where_the_output_says_so_but_never_over_a_crash) {
    step s;
    s.skip = {"^nothing$", "^skip: "};
    EXPECT_EQ(check(s, 1, "x\nskip: no podman here\n").skipped, "skip: no podman here");
    EXPECT_EQ(check(s, 1, "x skip: y\n").reason, "exit status 1, expected 0: x skip: y");
    const auto crashed = check(s, 139, "skip: no podman here\n");
    EXPECT_EQ(crashed.skipped, "");
    EXPECT_THAT(crashed.reason, HasSubstr("segmentation fault"));
}

TEST(check_step, holds_sub_results_beside_the_status) {
    const struct {
        int status;
        const char* output;
        const char* reason;
        const char* skipped;
    } cases[] = {
        {0, "1..2\nok 1 a\nok 2 b\n", "", ""},
        {0, "1..2\nok 1 a\nnot ok 2 b\n", "1 of 2 sub-results failed: b", ""},
        {1, "1..1\nnot ok 1 b\n", "exit status 1, expected 0; 1 of 1 sub-results failed: b", ""},
        {1, "1..1\nok 1 b\n", "exit status 1, expected 0", ""},
        {0, "1..1\nok 1 b # SKIP no disk\n", "", "no disk"},
        {1, "1..1\nok 1 b # SKIP no disk\n", "exit status 1, expected 0", ""},
        {0, "nothing", "the output has no results to parse", ""},
    };
    for (const auto& c : cases) {
        step s;
        s.parse = result_format::tap;
        const auto checked = check(s, c.status, c.output);
        EXPECT_EQ(checked.reason, c.reason) << c.output;
        EXPECT_EQ(checked.skipped, c.skipped) << c.output;
    }
}

}  // namespace
}  // namespace qh
