// A night as KCIDB takes it.
#include "report/kcidb.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "base/files.hpp"
#include "report/some_night.hpp"
#include "test_paths.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using adapter = valijson::adapters::NlohmannJsonAdapter;

/// What the schema refuses.
std::vector<std::string> mistakes_in(const json& report) {
    const auto form = parse_json(read_file(TEST_DATA "/kcidb-5.3.schema.json"));
    valijson::Schema schema;
    valijson::SchemaParser().populateSchema(adapter(form), schema);
    valijson::ValidationResults results;
    valijson::Validator().validate(schema, adapter(report), &results);
    std::vector<std::string> mistakes;
    for (const auto& mistake : results) mistakes.push_back(mistake.description);
    return mistakes;
}

json night_document() {
    auto night = test::some_night_document();
    night["night"] = "20261126T010000Z-m-0000";
    auto& passed = night["cells"][0];
    passed["fingerprint"] = {{"kernel", "6.12"}, {"image", "abc"}, {"qemu", "10.0"}, {"smp", 2}};
    passed["started"] = "2026-11-26T01:00:00Z";
    passed["image"] = {{"name", "tiny"}};
    passed["steps"] = {{{"name", "boot shell"}, {"kind", "boot"}, {"outcome", "passed"}},
                       {{"name", "a: b/c."},
                        {"outcome", "timed_out"},
                        {"reason", "slow"},
                        {"results", {{{"name", "suite 1 / case"}, {"outcome", "passed"}}}}},
                       {{"name", "€"}, {"outcome", "not_run"}}};
    passed["measurements"] = {{{"name", "GFLOP/s n=64"}, {"value", 1.5}, {"unit", "GFLOP/s"}},
                              {{"name", "x"}, {"value", nullptr}}};
    return night;
}

night_result night() {
    return night_from_json(night_document());
}

/// The test of a cell, a to g.
json test_of(const json& report, const std::string& cell) {
    for (const auto& test : report["tests"])
        if (test["environment"]["comment"] == cell && test.contains("misc")) return test;
    return {};
}

TEST(kcidb_test, the_schema_accepts_every_kind_of_cell) {
    EXPECT_THAT(mistakes_in(kcidb_report(night(), "qharness")), IsEmpty());
    EXPECT_THAT(mistakes_in(kcidb_report(night_result(), "qharness")), IsEmpty());
}

TEST(kcidb_test, the_schema_knows_mistakes) {
    auto report = kcidb_report(night(), "qharness");
    report["tests"][0]["path"] = "a..b";
    report["tests"][1]["build_id"] = "no colon";
    report["tests"][2]["log_excerpt"] = std::string(16385, 'x');
    report["checkouts"][0]["comment"] = nullptr;
    EXPECT_GE(mistakes_in(report).size(), 4u);
}

TEST(kcidb_test, tells_faults_of_the_harness_from_those_of_the_kernel) {
    const auto report = kcidb_report(night(), "qharness");
    std::map<std::string, std::string> statuses;
    for (const auto* cell : {"a", "b", "c", "d", "e", "f", "g"})
        statuses[cell] = test_of(report, cell)["status"];
    EXPECT_EQ(statuses, (std::map<std::string, std::string>{{"a", "PASS"},
                                                            {"b", "FAIL"},
                                                            {"c", "PASS"},
                                                            {"d", "FAIL"},
                                                            {"e", "FAIL"},
                                                            {"f", "MISS"},
                                                            {"g", "MISS"}}));
}

TEST(kcidb_test, has_steps_and_figures_below_the_cell) {
    auto one = night();
    one.cells.resize(1);
    const auto report = kcidb_report(one, "ci");
    std::vector<std::string> tests;
    for (const auto& test : report["tests"])
        tests.push_back(test["path"].get<std::string>() + " " + test["status"].get<std::string>());
    EXPECT_THAT(tests,
                ElementsAre("m.s PASS", "boot.m.s PASS", "m.s.a_b_c FAIL",
                            "m.s.a_b_c.suite_1.case PASS", "m.s._ SKIP", "m.s.GFLOP_s_n_64 DONE"));
    EXPECT_EQ(report["tests"].back()["number"], (json{{"value", 1.5}, {"unit", "GFLOP/s"}}));
    EXPECT_EQ(report["tests"][0]["build_id"], report["builds"][0]["id"]);
    EXPECT_EQ(report["builds"][0]["checkout_id"], report["checkouts"][0]["id"]);
}

TEST(kcidb_test, every_id_is_one_of_its_own_and_stays_the_same) {
    const auto report = kcidb_report(night(), "ci");
    std::set<std::string> ids;
    for (const auto* list : {"checkouts", "builds", "tests", "issues", "incidents"})
        for (const auto& one : report[list]) {
            EXPECT_TRUE(ids.insert(list + one["id"].get<std::string>()).second) << one["id"];
            EXPECT_TRUE(one["id"].get<std::string>().starts_with("ci:"));
        }
    EXPECT_EQ(kcidb_report(night(), "ci"), report);
}

TEST(kcidb_test, a_failure_that_is_known_has_an_issue) {
    const auto report = kcidb_report(night(), "ci");
    ASSERT_EQ(report["issues"].size(), 2u);
    EXPECT_EQ(report["issues"][0]["comment"], "hung, as expected until 2027-01-01: known");
    EXPECT_EQ(report["incidents"][0]["issue_id"], report["issues"][0]["id"]);
    EXPECT_EQ(report["incidents"][0]["test_id"], test_of(report, "d")["id"]);
}

TEST(kcidb_test, an_excerpt_has_its_end_and_no_control_characters) {
    auto one = night_document();
    one["cells"][1]["excerpt"] = std::string(40'000, '\1') + "the end";
    const auto report = kcidb_report(night_from_json(one), "ci");
    const auto excerpt = test_of(report, "b")["log_excerpt"].get<std::string>();
    EXPECT_LE(excerpt.size(), 16384u);
    EXPECT_THAT(excerpt, HasSubstr("the end"));
    EXPECT_EQ(excerpt.find('\1'), std::string::npos);
}

TEST(kcidb_test, knows_which_origins_there_can_be) {
    EXPECT_TRUE(is_kcidb_origin("my_ci2"));
    for (const auto* origin : {"", "My", "a:b", "a-b"}) EXPECT_FALSE(is_kcidb_origin(origin));
}

}  // namespace
}  // namespace qh
