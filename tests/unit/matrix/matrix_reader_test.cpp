// A matrix file: what it comes to, and how its mistakes are told.
#include "matrix/matrix_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "build_config.hpp"
#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr auto today = "2026-11-26";

class matrix_test : public test::in_temporary_folder {
  protected:
    matrix_test() {
        write("s.json", R"({"name": "s", "params": {"n": 1}, "machine": {"image": "tiny"},
                            "steps": [{"boot": "shell"}, {"run": "echo {{n}}"}]})");
        write("t.json", R"({"name": "t", "steps": [{"boot": "shell"}]})");
    }

    expanded_matrix read(const std::string& members, problem_list& problems) {
        return read_matrix(write("m.json", R"({"name": "m", )" + members + "}"), today, problems);
    }
    std::vector<cell> cells(const std::string& members) {
        problem_list problems;
        auto result = read(members, problems).cells;
        EXPECT_EQ(problems.text(), "");
        return result;
    }
    std::vector<std::string> names(const std::string& members) {
        std::vector<std::string> all;
        for (const auto& cell : cells(members)) all.push_back(cell.name);
        return all;
    }
    std::string mistakes(const std::string& members) {
        problem_list problems;
        read(members, problems);
        return problems.text();
    }
};

TEST_F(matrix_test, without_scenarios_is_told_as_one) {
    problem_list problems;
    read(R"("axes": {"cpu": ["a", "b"]}, "include": [{"scenario": "s.json", "cpu": "a"}])",
         problems);
    read(R"("axes": {"cpu": ["a", "b"]}, "adjust": [{"cpu": "a", "retries": 1}])", problems);
    EXPECT_THAT(problems.text(), HasSubstr("a matrix needs \"scenarios\""));
}

TEST_F(matrix_test, every_combination_is_a_cell_in_the_order_of_the_axes) {
    EXPECT_THAT(names(R"("scenarios": ["s.json"],
                         "axes": {"smp": [1, 2], "cpu": ["rv64", "rv64,v=true"], "n": [7]})"),
                ElementsAre("s rv64 smp=1 n=7", "s rv64 smp=2 n=7", "s rv64,v=true smp=1 n=7",
                            "s rv64,v=true smp=2 n=7"));
}

TEST_F(matrix_test, an_image_that_nobody_knows_is_a_mistake_wherever_it_is_named) {
    EXPECT_THAT(mistakes(R"("scenarios": "s.json", "axes": {"image": ["tiny", "tinny"]})"),
                HasSubstr("there is no image \"tinny\"; images: "));
    EXPECT_THAT(mistakes(R"("scenarios": "s.json", "include": [{"scenario": "t.json",
                            "image": "tinny"}])"),
                HasSubstr("there is no image \"tinny\""));
    write("u.json",
          R"({"name": "u", "machine": {"image": "tinny"}, "steps": [{"boot": "shell"}]})");
    EXPECT_THAT(mistakes(R"("scenarios": ["u.json"], "axes": {"smp": [1, 2]})"),
                HasSubstr("m.json:1:29: error: there is no image \"tinny\""));
    EXPECT_EQ(mistakes(R"("scenarios": ["u.json"], "axes": {"image": "tiny"})"), "");
}

TEST_F(matrix_test, a_cell_keeps_its_name_when_others_come_and_go) {
    const auto before = names(R"("scenarios": "s.json", "axes": {"memory": "1G", "smp": 1})");
    const auto after = names(
        R"("scenarios": ["t.json", "s.json"], "axes": {"smp": [4, 1], "memory": ["2G", "1G"]})");
    EXPECT_THAT(after, testing::IsSupersetOf(before));
}

TEST_F(matrix_test, rules_take_cells_away_and_add_some) {
    EXPECT_THAT(names(R"("scenarios": ["s.json", "t.json"],
                         "axes": {"cpu": ["rv64", "rv64,v=true,vlen=128", "max"]},
                         "exclude": [{"scenario": "t.json", "cpu": ["rv64,v=*", "max"]}],
                         "include": [{"scenario": "t.json", "image": "tiny", "smp": [2, 3]}])"),
                ElementsAre("s rv64", "s rv64,v=true,vlen=128", "s max", "t rv64", "t tiny smp=2",
                            "t tiny smp=3"));
}

TEST_F(matrix_test, later_settings_replace_earlier_ones) {
    const auto all = cells(R"("scenarios": "s.json", "axes": {"cpu": ["rv64", "max"]},
        "params": {"n": 2}, "retries": 1,
        "adjust": [{"cpu": "max", "params": {"n": "3"}, "timeout_multiplier": 2.5},
                   {"cpu": "*", "optional": "slow"}])");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].settings.params.at("n"), "2");
    EXPECT_FALSE(all[0].settings.timeout_multiplier);
    EXPECT_EQ(all[1].settings.params.at("n"), "3");
    EXPECT_EQ(all[1].settings.timeout_multiplier, 2.5);
    EXPECT_EQ(all[1].settings.retries, 1u);
    EXPECT_EQ(all[1].settings.optional, "slow");
}

TEST_F(matrix_test, the_first_expectation_that_fits_holds) {
    const auto all = cells(R"("scenarios": "s.json", "axes": {"cpu": ["rv64", "rv64i"]},
        "expect": [{"cpu": "rv64i", "outcome": ["hung", "timed_out"], "reason": "no", "until": "2027-01-01"},
                   {"cpu": "rv64*", "outcome": "failed", "reason": "other", "until": "2026-11-26"}],
        "quarantine": [{"cpu": "rv64", "reason": "new board"}])");
    EXPECT_THAT(all[0].expected->outcomes, ElementsAre(run_outcome::failed));
    EXPECT_THAT(all[1].expected->outcomes, ElementsAre(run_outcome::hung, run_outcome::timed_out));
    EXPECT_EQ(all[0].quarantine, "new board");
    EXPECT_EQ(all[1].quarantine, "");
}

TEST_F(matrix_test, tells_what_is_wrong_and_where) {
    const std::pair<const char*, const char*> cases[] = {
        {R"("axes": {})", "a matrix needs \"scenarios\""},
        {R"("scenarios": ["nothing.json"])", "m.json:1:29: error: there is no scenario nothing"},
        {R"("scenarios": ["s.json"], "axs": {})", "did you mean \"axes\"?"},
        {R"("scenarios": ["s.json"], "axes": {"smp": [0]})", "a number of harts from 1 to 512"},
        {R"("scenarios": ["s.json"], "axes": {"memory": ["1X"]})", "1X"},
        {R"("scenarios": ["s.json"], "axes": {"cpu": ["max", "max"]})", "stands twice"},
        {R"("scenarios": ["s.json"], "axes": {"cpu": []})", "this list is empty"},
        {R"("scenarios": ["s.json"], "axes": {"reason": ["x"]})", "no axis can be called"},
        {R"("scenarios": ["t.json"], "axes": {"n": [1]})", "t.json has no parameter \"n\""},
        {R"("scenarios": ["t.json"], "params": {"n": 1})", "t.json has no parameter \"n\""},
        {R"("scenarios": ["s.json"], "exclude": [{"n": 1}])", "the matrix has no axis \"n\""},
        {R"("scenarios": ["s.json"], "exclude": [{}])", "it would fit every cell"},
        {R"("scenarios": ["s.json"], "exclude": [{"scenario": "t.json"}])",
         "warning: this fits no cell"},
        {R"("scenarios": ["s.json"], "include": [{"cpu": "max"}])", "a cell needs a \"scenario\""},
        {R"("scenarios": ["s.json"], "include": [{"scenario": "s.json"}])",
         "warning: the matrix already has \"s\""},
        {R"("scenarios": ["s.json"], "expect": [{"scenario": "s.json", "outcome": "broken", "reason": "", "until": "2027-01-01"}])",
         "an outcome is one of failed, timed_out"},
        {R"("scenarios": ["s.json"], "expect": [{"scenario": "s.json", "outcome": "hung", "reason": "", "until": "soon"}])",
         "expected a day as in"},
        {R"("scenarios": ["s.json"], "expect": [{"scenario": "s.json", "outcome": "hung", "reason": "", "until": "2026-11-25"}])",
         "warning: this has expired"},
    };
    for (const auto& [members, told] : cases) EXPECT_THAT(mistakes(members), HasSubstr(told));
}

TEST_F(matrix_test, tells_the_mistakes_of_its_scenarios) {
    write("bad.json", R"({"name": "bad", "steps": [{"bot": "shell"}]})");
    EXPECT_THAT(mistakes(R"("scenarios": ["bad.json"])"), HasSubstr("bad.json:1:"));
}

TEST_F(matrix_test, refuses_more_cells_than_a_night_can_hold) {
    std::string values = "0";
    for (int i = 1; i < 1000; ++i) values += "," + std::to_string(i);
    EXPECT_THAT(mistakes(R"("scenarios": ["s.json"], "axes": {"n": [)" + values + R"(], "cpu": [)" +
                         values + "]}"),
                HasSubstr("more than 10000 cells"));
}

TEST_F(matrix_test, the_shipped_nightly_is_clean) {
    problem_list problems;
    const auto nightly =
        read_matrix(std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios/nightly.matrix.json",
                    today, problems);
    EXPECT_EQ(problems.errors() + problems.warnings(), 0u) << problems.text();
    EXPECT_GT(nightly.cells.size(), 40u);
}

TEST(matrix_files, are_told_from_scenarios) {
    EXPECT_TRUE(is_matrix(parse_json(R"({"$schema": "schema/matrix.schema.json"})")));
    EXPECT_TRUE(is_matrix(parse_json(R"({"scenarios": []})")));
    EXPECT_FALSE(is_matrix(parse_json(R"({"name": "s", "steps": []})")));
    EXPECT_FALSE(is_matrix(parse_json("[]")));
}

}  // namespace
}  // namespace qh
