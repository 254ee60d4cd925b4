// All that is wrong with a scenario at once, each with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build_config.hpp"
#include "image/recipe_file/load_recipe.hpp"
#include "scenario/lint.hpp"
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
            lines.push_back(fmt::format("{}:{}: {}: {}", one.range.begin.line,
                                        one.range.begin.column, name_of(one.level), one.message));
        return lines;
    }
    std::vector<std::string> lint_steps(const std::string& steps) {
        return lint(R"({"name": "s", "timeout": "10m", "steps": [)"
                    "\n" +
                    steps + "]}");
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
    EXPECT_THAT(told,
                ElementsAre(HasSubstr("3:33: error: \"machine\" has no \"memroy\"; did you mean "
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
        {R"((?!x))", "a lookahead"},
        {R"(\\d(?=\\w))", "a lookahead"},
        {R"((?<=x))", "a lookbehind"},
        {R"((x)\\1)", "a back-reference"},
        {R"((?P<a>x)(?P=a))", "invalid perl operator: (?P"},
        {R"((?&a))", "a call of a group"},
        {R"((?R))", "a call of a group"},
        {R"((?>x))", "an atomic group"},
        {R"(x*+)", "a possessive"},
        {R"(x{2}+)", "a possessive"},
        {R"((?(1)a|b))", "a conditional group"},
        {R"((?#c)x)", "a comment"},
        {R"((?|a|b))", "a branch reset"},
        {R"((?x) a)", "a free layout"},
        {R"((?u:a))", "that flag"},
        {R"((*UTF8)x)", "a verb"},
        {R"(\\u00e9)", "\\x{e9}"},
        {R"(\\e[0m)", "a control character"},
        {R"(\\h)", "a class of blanks"},
        {R"(\\R)", "a class of line ends"},
        {R"(a\\Kb)", "a match that begins anew"},
        {R"(x\\Z)", "an escape that RE2 lacks"},
        {R"(x{1001})", "more than 1000"},
        {R"([[:word:]\\p{Foo}])", "a class of that name"},
        // Not what looks like it: an escaped parenthesis.
        {R"(\\(?=\\1)", "a back-reference"},
        {R"(()", "missing )"}};
    for (const auto& [regex, name] : cases)
        EXPECT_THAT(lint_steps(fmt::format(R"({{"run": "x", "match": "{}"}})", regex)),
                    ElementsAre(HasSubstr(name)))
            << regex;
    for (const auto* regex : {R"((?i:é)\\pL)", R"(\\Q(?=\\E)", R"((?P<ü>x)[^[:alpha:]])"})
        EXPECT_THAT(lint_steps(fmt::format(R"({{"run": "x", "match": "{}"}})", regex)), IsEmpty())
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

TEST_F(lint_test, warns_of_conditions_that_exclude_each_other) {
    const struct {
        const char* first;
        const char* second;
        bool can_be;
    } cases[] = {
        {"guest.init == systemd", "guest.init == openrc", false},
        {"guest.init == systemd", "guest.init != systemd", false},
        {"guest.init != systemd", "guest.init != openrc", true},
        {"guest.harts > 3", "guest.harts < 3", false},
        {"guest.harts >= 3", "guest.harts <= 3", true},
        {"guest.harts >= 3", "guest.harts < 3", false},
        {"guest.harts == 2", "guest.harts >= 2", true},
        {"guest.memory >= 8G", "guest.memory < 7168M", false},
        {"guest.kernel version >= 6.10", "guest.kernel version < 6.9", false},
        {"guest.kernel version >= 6.9", "guest.kernel version < 6.10", true},
        {"guest.harts == 2", "guest.init == 3", true},
        {"guest.harts == machine.smp", "guest.harts == 3", true},
    };
    for (const auto& c : cases) {
        const auto told = lint_steps(fmt::format(
            R"({{"facts": true}}, {{"run": "x", "when": ["{}", "{}"]}})", c.first, c.second));
        if (c.can_be) {
            EXPECT_THAT(told, IsEmpty()) << c.first << ", " << c.second;
        } else {
            EXPECT_THAT(told, ElementsAre(HasSubstr(fmt::format(
                                  "warning: the step can never run: {} and {} are never both true",
                                  c.first, c.second))));
        }
    }
}

TEST_F(lint_test, warns_of_a_groups_condition_once) {
    EXPECT_THAT(lint_steps(R"({"group": "g", "when": "1 == 2", "steps": [
{"run": "x"}, {"run": "y"}]})"),
                ElementsAre(HasSubstr("3:1: warning: the step can never run: 1 == 2")));
}

TEST_F(lint_test, warns_of_steps_behind_a_poweroff_under_the_same_condition) {
    EXPECT_THAT(lint_steps(R"({"group": "g", "when": "machine.cpu == rv64", "steps": [
{"poweroff": true},
{"run": "x"}, {"run": "y"}]},
{"run": "z"})"),
                ElementsAre(HasSubstr("4:1: warning: the step can never run: where machine.cpu == "
                                      "rv64, the guest was powered off by \"g / poweroff\"")));
    EXPECT_THAT(lint_steps(R"({"group": "g", "steps": [{"poweroff": true}, {"run": "x"}]})"),
                ElementsAre(HasSubstr("error: no step can come after \"poweroff\"")));
}

TEST_F(lint_test, notes_captures_that_nothing_uses) {
    const auto told = lint_steps(
        R"js({"run": "x", "capture": "(?P<a>.)(?P<b>.)(?P<c>.)(?P<d>.)(?P<e>.)", "check": "a == 1"},
{"run": "echo {{b}}", "when": "1 < c"},
{"expect": "(?P<f>x)"},
{"run": "x", "capture": "(?P<m>x)", "measure": {"name": "m", "value": "{{m}}"}})js");
    EXPECT_THAT(
        told, ElementsAre(HasSubstr("2:25: note: nothing uses the captures \"d\", \"e\": only"),
                          HasSubstr("4:12: note: nothing uses the capture \"f\": only recorded")));
}

TEST_F(lint_test, warns_of_names_that_stand_twice) {
    write("part.json", R"({"steps": [{"name": "p", "run": "x"}]})");
    const auto told = lint_steps(R"({"name": "a", "run": "x"},
{"name": "a", "run": "y"},
{"include": "part.json"}, {"include": "part.json"}, {"include": "part.json", "group": "g"},
{"run": "true"}, {"run": "true"})");
    EXPECT_THAT(
        told, ElementsAre(HasSubstr("3:10: warning: the step on line 2 is called \"a\" too"),
                          HasSubstr("1:21: warning: there are two steps \"p\", since this file is "
                                    "included twice")));
}

TEST_F(lint_test, points_at_the_item_of_a_list) {
    const auto told = lint_steps(
        "{\"run\": \"\u00e9\",\t\"check\": [\"1 == 1\", \"\u00fc == 2\", \"sistem == 1\"]},\n"
        R"({"run": "x", "match": ["ok", "["]},
{"run": "x", "check": ["1 == 1", "a ~ b"]},
{"run": "x", "check": ["1 == 1", "{{typo}} == 1"]})");
    EXPECT_THAT(told, ElementsAre(HasSubstr("2:44: error: nothing gives \"sistem\" a value"),
                                  HasSubstr("3:30: error: \"match\" is no regex"),
                                  HasSubstr("4:34: error: 'a ~ b' is not a comparison"),
                                  HasSubstr("5:34: error: nothing gives {{typo}} a value")));
}

TEST_F(lint_test, tells_facts_that_there_are_not) {
    const auto told = lint(R"js({"name": "s", "params": {"size": 64}, "steps": [
{"facts": true, "check": ["guest.arhc != none", "guest.arch == size"]},
{"run": "x", "when": "machine.cpus == 2"},
{"run": "x", "when": ["size != guest.arhc", "size != guest.example.org"]}]})js");
    EXPECT_THAT(
        told,
        ElementsAre("2:27: error: nothing gives \"guest.arhc\" a value: it is no parameter, no "
                    "fact, and no step up to here captures it; did you mean \"guest.arch\"?",
                    HasSubstr("3:22: error: nothing gives \"machine.cpus\" a value"),
                    HasSubstr("4:23: error: nothing gives \"guest.arhc\" a value")));
}

TEST_F(lint_test, tells_facts_that_no_step_asks_for) {
    EXPECT_THAT(
        lint_steps(R"js({"run": "x", "check": "machine.smp == 1"},
{"run": "x", "when": "guest.arch != none"}, {"facts": true}, {"run": "x", "when": "guest.arch != none"})js"),
        ElementsAre("3:22: error: no \"facts\" step up to here asks the guest for guest.arch"));
}

TEST_F(lint_test, tells_braces_that_nothing_fills_in) {
    const auto told = lint(R"js({"name": "s", "params": {"size": 64, "n": 1}, "steps": [
{"run": "test '{{sise}}' != 128"},
{"run": ["echo {{n}}", "echo {{ size }}"]},
{"run": "echo {{foo}}"},
{"run": "echo {{foo}}", "capture": "(?P<foo>x)"},
{"send": "echo {{ foo}} {{foo}}"},
{"run": "x", "match": "{{foo}}", "when": "foo == {{size}}"},
{"run": "x", "when": "bar == 1"},
{"run": "docker ps --format '{{.Names}}: {{ .Size }} {{x}} {{item}}'", "capture": "(?P<bar>x)"},
{"run": "x", "check": "{{bar}} == 1", "match": "{{size}}"}]})js");
    EXPECT_THAT(
        told,
        ElementsAre("2:9: error: nothing gives {{sise}} a value: it is no parameter and no step "
                    "up to here captures it; did you mean \"size\"?",
                    "3:24: error: {{ size }} stands for nothing; write {{size}}, without blanks",
                    HasSubstr("4:9: error: nothing gives {{foo}} a value: it is no parameter "
                              "and no step up to here captures it; the step \"run echo "
                              "{{foo}}\" does, too late"),
                    HasSubstr("5:9: error: nothing gives {{foo}} a value"),
                    HasSubstr("6:10: error: {{ foo }} stands for nothing"),
                    HasSubstr("7:23: error: {{foo}} stays as it is"),
                    HasSubstr("8:22: error: nothing gives \"bar\" a value: it is no "
                              "parameter, no fact, and no step up to here captures it; the "
                              "step \"run docker ps")));
}

TEST_F(lint_test, tells_braces_in_a_groups_condition_once) {
    const auto told = lint_steps(R"({"group": "g", "when": "{{typo}} == 1", "steps": [
{"run": "x"}, {"run": "y"}]})");
    EXPECT_THAT(told, ElementsAre(HasSubstr("3:1: error: nothing gives {{typo}} a value")));
}

TEST_F(lint_test, knows_the_parameters_of_an_included_file) {
    write("part.json", R"({"params": {"size": 1}, "steps": [
{"run": "echo {{size}} {{sise}}", "check": "guest.arhc == 1"}, {"run": "echo {{ size }}"}]})");
    EXPECT_THAT(lint_steps(R"({"include": "part.json"})"),
                ElementsAre(HasSubstr("2:9: error: nothing gives {{sise}} a value"),
                            HasSubstr("2:44: error: nothing gives \"guest.arhc\" a value"),
                            HasSubstr("2:72: error: {{ size }} stands for nothing")));
}

TEST_F(lint_test, reads_files_that_scenarios_include) {
    const auto lint_text = [this](std::string_view text) {
        problem_list problems;
        lint_file(write("part.json", text), problems);
        return problems.text();
    };
    EXPECT_EQ(
        lint_text(R"({"params": {"p": 1}, "steps": [{"run": "{{p}}", "check": "outer == p"}]})"),
        "");
    EXPECT_THAT(
        lint_text(R"({"params": {"p": 1}, "steps": [{"run": "x", "match": "{{o}}", "mtch": 1}]})"),
        testing::AllOf(HasSubstr("1:18: warning: nothing uses the parameter \"p\""),
                       HasSubstr("note: {{o}} is left to the scenario that includes this"),
                       HasSubstr("error: a step has no \"mtch\"")));
    EXPECT_THAT(lint_text(R"({"machine": {}, "steps": [{"run": "x"}]})"),
                HasSubstr("error: a scenario needs \"name\""));
    EXPECT_THAT(lint_text(R"({"$schema": "schema/steps.schema.json", "name": "n", "timeout": "1m",
                              "steps": [{"run": "x"}]})"),
                HasSubstr("error: an included file has no \"timeout\""));
    EXPECT_THAT(lint_text(R"({"patterns": [{"kind": "k", "start": "x"}]})"),
                HasSubstr("1:15: error: a pattern needs \"severity\""));
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

TEST_F(lint_test, knows_which_images_there_are) {
    const auto lint_image = [this](const std::string& image) {
        problem_list problems;
        lint_file(write("s.json",
                        R"({"name": "s", "params": {"i": ")" + image +
                            R"("}, "machine": {"image": "{{i}}"}, "steps": [{"boot": "shell"}]})"),
                  problems);
        return problems.text();
    };
    EXPECT_THAT(
        lint_image("tinny"),
        testing::AllOf(HasSubstr("1:62: error: there is no image \"tinny\"; images: "),
                       HasSubstr("or name a recipe file (NAME.json); did you mean \"tiny\"?")));
    for (const auto* image : {"tiny", "", "mine.json", "./mine"})
        EXPECT_EQ(lint_image(image), "") << image;
}

TEST_F(lint_test, tells_the_mistakes_of_a_recipe) {
    problem_list problems;
    lint_file(write("mine.json", R"({"description": "d", "kernel": "k", "build_space": "1G",
"suite": "s", "architecture": "a", "initrd": {"users": {"ada": {"uid": -1}}},
"disk": {"size": "4Q", "sise": 1, "base": {"from": "https://x/y", "sha256": "0"}}})"),
              problems);
    EXPECT_THAT(problems.text(),
                testing::AllOf(HasSubstr("2:72: error"), HasSubstr("3:18: error"),
                               HasSubstr("3:24: error: a disk has no"),
                               HasSubstr("did you mean \"size\"?"), HasSubstr("3:77: error")));
}

TEST_F(lint_test, every_shipped_recipe_is_clean) {
    for (const auto& name : recipe_names()) {
        problem_list problems;
        lint_file(std::filesystem::path(QHARNESS_SOURCE_ROOT) / "images" / (name + ".json"),
                  problems);
        EXPECT_EQ(problems.errors(), 0u) << problems.text();
    }
}

TEST_F(lint_test, every_shipped_file_is_clean) {
    const auto shipped = std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shipped)) {
        if (!is_scenario_name(entry.path())) continue;
        if (entry.path().parent_path() == shipped / "schema") continue;
        problem_list problems;
        lint_file(entry.path(), problems);
        EXPECT_EQ(problems.errors() + problems.warnings(), 0u) << problems.text();
    }
}

}  // namespace
}  // namespace qh
