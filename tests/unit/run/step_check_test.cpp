#include "run/step_check.hpp"

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
    return {false, "m", value, "B"};
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
        {"JSON lines without one",
         [](step& s) {
             s.measure = {true, {}, {}, {}};
         },
         0, "{\"name\": 1}\n",
         "the output has no measurement: no JSON line with \"name\" and a number as \"value\""},
        {"bad bytes do not matter", [](step& s) { s.match = {"^ok$"}; }, 0, "\xff\xfe\nok\n\xc3",
         ""},
    };
    for (const auto& c : cases) {
        step s;
        c.rules(s);
        EXPECT_EQ(check_step(s, c.status, c.output, "e\n", lookup).reason, c.reason) << c.behaviour;
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
        EXPECT_THAT(check_step(s, c.status, c.output, {}, lookup).reason, HasSubstr(c.reason));
    s.checks.clear();
    EXPECT_THAT(check_step(s, 0, "m c", {}, lookup).reason, HasSubstr("is no number"));
}

TEST(check_step, takes_captures_and_measurements) {
    step s;
    s.capture = "(?P<a>\\w+) (?P<b>\\d+)?";
    s.measure = number("2.5e3");
    const auto result = check_step(s, 0, "x \n", {}, lookup);
    EXPECT_EQ(result.captured, (captures{{"a", "x"}, {"b", ""}}));
    ASSERT_EQ(result.measurements.size(), 1u);
    EXPECT_EQ(dump(result.measurements[0]), R"({"name":"m","unit":"B","value":2500.0})");
}

TEST(check_step, takes_each_json_line_that_is_a_measurement) {
    step s;
    s.measure = measurement_source{true, {}, {}, {}};
    const auto result =
        check_step(s, 0,
                   "words\n"
                   "  {\"name\": \"a\", \"value\": 1.5, \"unit\": \"s\", \"samples\": [1, 2]}\r\n"
                   "{\"name\": \"b\", \"value\": \"2\"}\n"
                   "{\"name\": \"c\", \"value\": 3}\n"
                   "{broken\n[1]\n",
                   {}, lookup);
    EXPECT_EQ(result.reason, "");
    ASSERT_EQ(result.measurements.size(), 2u);
    EXPECT_EQ(result.measurements[0]["samples"].size(), 2u);
    EXPECT_EQ(result.measurements[1]["name"], "c");
}

TEST(status_text, explains_signals) {
    EXPECT_EQ(status_text(1), "status 1");
    EXPECT_EQ(status_text(127), "status 127 (command not found)");
    EXPECT_EQ(status_text(132), "status 132 (SIGILL, illegal instruction)");
    EXPECT_EQ(status_text(137), "status 137 (SIGKILL, killed: out of memory?)");
    EXPECT_EQ(status_text(255), "status 255");
}

TEST(is_crash, is_for_signals_that_a_fault_raises) {
    for (const int status : {132, 134, 135, 136, 139}) EXPECT_TRUE(is_crash(status)) << status;
    for (const int status : {0, 1, 4, 127, 128, 130, 137, 143, 255})
        EXPECT_FALSE(is_crash(status)) << status;
}

}  // namespace
}  // namespace qh
