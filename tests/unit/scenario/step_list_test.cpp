// Groups and included files become one plain list of steps.
#include "scenario/step_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/load.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class step_list_test : public test::in_temporary_folder {
  protected:
    scenario load(const std::string& steps) {
        return load_scenario(write("s.json", R"({"name": "s", "steps": [)" + steps + "]}"), {});
    }
    std::string mistakes(const std::string& steps) {
        problem_list problems;
        read_scenario(write("s.json", R"({"name": "s", "steps": [)" + steps + "]}"), {}, problems);
        return problems.text();
    }
    static std::string code_of(const step& step) { return std::get<run_step>(step.action).code; }
};

TEST_F(step_list_test, a_group_gives_its_steps_name_condition_and_tags) {
    const auto s = load(R"({"group": "pages", "when": "machine.cpu == rv64", "tags": "slow",
        "steps": [{"run": "true", "tags": ["a"], "when": "machine.smp > 1"},
                  {"group": "inner", "steps": [{"name": "last", "run": "false"}]}]},
        {"name": "after", "run": "true"})");
    ASSERT_EQ(s.steps.size(), 3u);
    EXPECT_EQ(s.steps[0].name, "pages / run true");
    EXPECT_THAT(s.steps[0].when, ElementsAre("machine.cpu == rv64", "machine.smp > 1"));
    EXPECT_THAT(s.steps[0].tags, ElementsAre("slow", "a"));
    EXPECT_EQ(s.steps[1].name, "pages / inner / last");
    EXPECT_TRUE(s.steps[2].when.empty());
}

TEST_F(step_list_test, an_included_file_sees_its_own_parameters_only) {
    std::filesystem::create_directory(folder() / "lib");
    write("lib/version.json", R"js({"params": {"program": "cc", "least": "1.0"}, "steps": [
        {"name": "{{program}}", "run": "{{program}} --version {{n}}",
         "capture": "(?P<version>\\d+)", "check": "version version >= least"}]})js");
    const auto s = load_scenario(
        write("s.json", R"({"name": "s", "params": {"n": 1, "clang": "clang-19"}, "steps": [
            {"run": "echo {{n}}"},
            {"include": "lib/version.json", "params": {"program": "{{clang}}", "least": "14.0"}},
            {"include": "lib/version.json", "group": "gcc"}]})"),
        {});
    ASSERT_EQ(s.steps.size(), 3u);
    EXPECT_EQ(s.steps[1].name, "clang-19");
    EXPECT_EQ(code_of(s.steps[1]), "clang-19 --version {{n}}");
    EXPECT_THAT(s.steps[1].checks, ElementsAre("version version >= 14.0"));
    EXPECT_EQ(s.steps[2].name, "gcc / cc");
    EXPECT_THAT(s.steps[2].checks, ElementsAre("version version >= 1.0"));
}

TEST_F(step_list_test, a_parameter_may_be_a_files_text) {
    write("table", "one | two\n");
    const auto s =
        load_scenario(write("s.json", R"({"name": "s", "params": {"t": {"file": "table"}},
        "steps": [{"run": "cat <<E\n{{t}}E"}]})"),
                      {});
    EXPECT_EQ(code_of(s.steps[0]), "cat <<E\none | two\nE");
}

TEST_F(step_list_test, the_resolved_scenario_reads_as_the_same) {
    write("part.json",
          R"({"params": {"n": 3}, "steps": [{"run": "echo {{n}}", "match": "^{{n}}$"}]})");
    const auto first = load(R"({"group": "g", "when": "machine.cpu == rv64", "steps": [
        {"include": "part.json", "params": {"n": 4}}]}, {"poweroff": true})");
    const auto again = load_scenario(write("resolved.json", dump(first.resolved)), {});
    ASSERT_EQ(again.steps.size(), first.steps.size());
    EXPECT_EQ(again.steps[0].name, "g / run echo 4");
    EXPECT_THAT(again.steps[0].when, ElementsAre("machine.cpu == rv64"));
    EXPECT_EQ(dump(again.resolved), dump(first.resolved));
}

TEST_F(step_list_test, tells_a_circle_of_files) {
    write("a.json", R"({"steps": [{"include": "b.json"}]})");
    write("b.json", R"({"steps": [{"include": "a.json"}]})");
    EXPECT_THAT(mistakes(R"({"include": "a.json"})"),
                HasSubstr("b.json:1:24: error: files include each other in a circle: a.json "
                          "includes b.json includes a.json"));
}

TEST_F(step_list_test, refuses_files_that_multiply) {
    const std::string twice =
        R"({{"steps": [{{"include": "{0}.json"}}, {{"include": "{0}.json"}}]}})";
    for (int i = 0; i < 14; ++i)
        write(fmt::format("{}.json", i), fmt::format(fmt::runtime(twice), i + 1));
    write("14.json", R"({"steps": [{"run": "true"}]})");
    EXPECT_THAT(mistakes(R"({"include": "0.json"})"), HasSubstr("more than 1000 includes"));
}

TEST_F(step_list_test, points_into_the_included_file) {
    write("part.json",
          "{\"params\": {\"n\": 3}, \"steps\": [\n  {\"run\": \"{{n}}\", \"exti\": 3}]}");
    EXPECT_THAT(mistakes(R"({"include": "part.json", "params": {"m": 3}})"),
                testing::AllOf(HasSubstr("s.json:1:66: error: part.json has no parameter \"m\"; it "
                                         "has n; did you mean \"n\"?"),
                               HasSubstr("part.json:2:20: error: a step has no \"exti\"")));
}

}  // namespace
}  // namespace qh
