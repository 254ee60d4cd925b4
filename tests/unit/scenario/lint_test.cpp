// All that is wrong with a scenario at once, each with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build_config.hpp"
#include "scenario/load.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class lint_test : public test::in_temporary_folder {
  protected:
    /// "line:column: error: message" for each problem.
    std::vector<std::string> lint(std::string_view text) {
        problem_list problems;
        read_scenario(write("s.json", text), {}, problems);
        std::vector<std::string> lines;
        for (const auto& one : problems.sorted())
            lines.push_back(fmt::format("{}:{}: {}: {}", one.range.begin.line, one.range.begin.column,
                                        name_of(one.level), one.message));
        return lines;
    }
    std::vector<std::string> lint_steps(const std::string& steps) {
        return lint(R"({"name": "s", "timeout": "10m", "steps": [)" "\n" + steps + "]}");
    }
};

TEST_F(lint_test, tells_six_mistakes_with_their_places) {
    const auto told = lint(R"js({
  "name": "s",
  "machine": { "image": "tiny", "memroy": "1G" },
  "params": { "unused": 1, "n": 2 },
  "timeout": "5m",
  "steps": [
    { "boot": "shell", "timeout": "1 fortnight" },
    { "run": "echo {{n}}", "match": "a(?=b)", "ext": 0 },
    { "run": "uname", "capture": "(?P<system>\\w+)", "check": "sistem == Linux" }
  ]
})js");
    EXPECT_THAT(told, ElementsAre(HasSubstr("3:33: error: \"machine\" has no \"memroy\"; did you mean "
                                      "\"memory\"?"),
                            HasSubstr("4:25: warning: nothing uses the parameter \"unused\""),
                            HasSubstr("7:35: error: "),
                            HasSubstr("8:37: error: \"match\" is no regex that RE2 can run: "
                                      "invalid perl operator: (?=: it has no such thing as a "
                                      "lookahead"),
                            HasSubstr("8:47: error: a step has no \"ext\"; did you mean \"exit\"?"),
                            HasSubstr("9:63: error: nothing gives \"sistem\" a value")));
}

TEST_F(lint_test, goes_on_after_a_step_of_no_kind) {
    const auto told = lint_steps(R"({"runn": "x"},
{"run": "x", "exit": 256})");
    EXPECT_THAT(told, ElementsAre(HasSubstr("2:2: error: unknown step kind \"runn\""),
                            HasSubstr("3:22: error: \"exit\" must be")));
}

TEST_F(lint_test, names_what_re2_lacks) {
    const std::pair<const char*, const char*> cases[] = {
        {R"((?!x))", "a lookahead"},      {R"((?<=x))", "a lookbehind"},
        {R"((x)\\1)", "a back-reference"}, {R"((?>x))", "an atomic group"},
        {R"(x*+)", "a possessive"},       {R"(x\\Z)", "an escape that RE2 lacks"}};
    for (const auto& [regex, name] : cases)
        EXPECT_THAT(lint_steps(fmt::format(R"({{"run": "x", "match": "{}"}})", regex)),
                    ElementsAre(HasSubstr(name)))
            << regex;
}

TEST_F(lint_test, warns_of_what_can_never_be) {
    const auto told = lint_steps(R"({"run": "x", "timeout": "11m"},
{"run": "x", "when": "1 == 2"},
{"expect": "a\\nb"})");
    EXPECT_THAT(told, ElementsAre(HasSubstr("2:25: warning: the step may take 11m"),
                            HasSubstr("3:22: warning: the step can never run: 1 == 2"),
                            HasSubstr("4:12: warning: /a\\nb/ never matches")));
}

TEST_F(lint_test, a_parameter_compared_by_name_is_used) {
    const auto told = lint(R"js({"name": "s", "params": {"least": 3}, "steps": [
{"run": "x", "capture": "(?P<v>\\d+)", "check": "v >= least"}]})js");
    EXPECT_THAT(told, IsEmpty());
}

TEST_F(lint_test, counts_what_is_too_much_to_show) {
    std::string steps = R"({"runn": "x"})";
    for (int i = 0; i < 149; ++i) steps += R"(, {"runn": "x"})";
    problem_list problems;
    read_scenario(write("s.json", R"({"name": "s", "steps": [)" + steps + "]}"), {}, problems);
    EXPECT_EQ(problems.errors(), 150u);
    EXPECT_THAT(problems.text(), HasSubstr("and 50 more errors"));
}

TEST_F(lint_test, every_shipped_scenario_is_clean) {
    const auto shipped = std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios";
    for (const auto& entry : std::filesystem::directory_iterator(shipped)) {
        if (entry.path().extension() != ".json") continue;
        problem_list problems;
        read_scenario(entry.path(), {}, problems);
        EXPECT_EQ(problems.text(), "") << entry.path();
    }
}

}  // namespace
}  // namespace qh
