// Reports are what CI systems read, whatever a guest has printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <pugixml.hpp>
#include <set>

#include "base/text.hpp"
#include "report/github.hpp"
#include "report/junit.hpp"
#include "report/tap.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string hostile =
    "</script><img src=x onerror=alert(1)>\x1b[2J ]]> &amp; \xEF\xBF\xBF # x";

json cell(const std::string& name, const std::string& status, const std::string& outcome,
          const std::string& reason = "") {
    return {{"name", name},
            {"point", {{"scenario", "s.json"}, {"cpu", "rv64"}}},
            {"status", status},
            {"outcome", outcome},
            {"reason", reason},
            {"seconds", 1.5},
            {"attempts",
             {{{"outcome", outcome}, {"reason", reason}, {"record", "r"}, {"seconds", 1.5}}}},
            {"steps", {{{"name", "boot"}, {"outcome", "passed"}, {"seconds", 1.0}}}}};
}

json night() {
    auto failed = cell("b", "failed", "panicked", hostile);
    failed["excerpt"] = hostile;
    failed["attempts"] = {{{"outcome", "failed"}, {"reason", "first"}},
                          {{"outcome", "panicked"}, {"reason", "second"}}};
    auto flaky = cell("c", "flaky", "flaky", "passed at attempt 2");
    flaky["attempts"] = {{{"outcome", "failed"}, {"reason", "once"}},
                         {{"outcome", "passed"}, {"reason", ""}}};
    auto expected = cell("d", "expected_failure", "hung", "silent");
    expected["expected"] = {{"outcomes", {"hung"}}, {"reason", "known"}, {"until", "2027-01-01"}};
    auto quarantined = cell("e", "quarantined", "failed", "x");
    quarantined["quarantine"] = "new board";
    auto not_run = cell("g", "not_run", "not_run");
    not_run["attempts"] = json::array();
    not_run.erase("steps");
    return {{"matrix", "m"},
            {"started", "2026-11-26T01:00:00Z"},
            {"wall_s", 9},
            {"counts", {{"passed", 1}, {"failed", 1}}},
            {"cells",
             {cell("a", "passed", "passed"), failed, flaky, expected, quarantined,
              cell("f", "infra_error", "infra_error", "QEMU exited with status 1"), not_run}}};
}

pugi::xml_document parsed(const std::string& xml) {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_buffer(xml.data(), xml.size()));
    return document;
}

TEST(junit_test, has_a_case_for_each_cell_that_ends_as_the_cell_did) {
    const auto xml = junit_report(night());
    const auto document = parsed(xml);
    const auto suite = document.child("testsuites").child("testsuite");
    EXPECT_STREQ(suite.attribute("name").value(), "m.s.json");
    EXPECT_EQ(suite.attribute("tests").as_int(), 7);
    EXPECT_EQ(suite.attribute("failures").as_int(), 1);
    EXPECT_EQ(suite.attribute("errors").as_int(), 1);
    EXPECT_EQ(suite.attribute("skipped").as_int(), 3);
    EXPECT_STREQ(suite.attribute("timestamp").value(), "2026-11-26T01:00:00");
    const std::map<std::string, std::vector<std::string>> children = {
        {"a", {"system-out"}},
        {"b", {"failure", "rerunFailure", "system-out"}},
        {"c", {"flakyFailure", "system-out"}},
        {"d", {"skipped", "system-out"}},
        {"e", {"skipped", "system-out"}},
        {"f", {"error", "system-out"}},
        {"g", {"skipped"}}};
    for (const auto test : suite.children("testcase")) {
        std::vector<std::string> found;
        for (const auto child : test.children()) found.emplace_back(child.name());
        EXPECT_EQ(found, children.at(test.attribute("name").value()));
    }
    const auto failure = suite.find_child_by_attribute("testcase", "name", "b").child("failure");
    EXPECT_STREQ(failure.attribute("type").value(), "panicked");
}

TEST(junit_test, uses_only_what_jenkins_schema_knows) {
    const std::map<std::string, std::set<std::string>> attributes = {
        {"testsuites", {"name", "tests", "failures", "errors", "time"}},
        {"testsuite", {"name", "tests", "failures", "errors", "time", "timestamp", "skipped"}},
        {"testcase", {"name", "classname", "time"}},
        {"failure", {"message", "type"}},
        {"error", {"message", "type"}},
        {"skipped", {"message"}},
        {"flakyFailure", {"message", "type"}},
        {"rerunFailure", {"message", "type"}},
        {"system-out", {}}};
    const auto document = parsed(junit_report(night()));
    struct walker : pugi::xml_tree_walker {
        const std::map<std::string, std::set<std::string>>* known;
        bool for_each(pugi::xml_node& node) override {
            if (node.type() != pugi::node_element) return true;
            EXPECT_TRUE(known->contains(node.name())) << node.name();
            for (const auto attribute : node.attributes())
                EXPECT_TRUE(known->at(node.name()).contains(attribute.name()))
                    << node.name() << " " << attribute.name();
            return true;
        }
    } walk;
    walk.known = &attributes;
    const_cast<pugi::xml_document&>(document).traverse(walk);
}

TEST(junit_test, holds_nothing_that_xml_forbids) {
    const auto xml = junit_report(night());
    EXPECT_TRUE(is_valid_utf8(xml));
    EXPECT_THAT(xml, Not(HasSubstr("\x1b")));
    EXPECT_THAT(xml, Not(HasSubstr("&#x1B;")));
    EXPECT_THAT(xml, Not(HasSubstr("\xEF\xBF\xBF")));
    EXPECT_THAT(xml, Not(HasSubstr("<img")));
}

TEST(tap_test, has_a_point_for_each_cell) {
    std::vector<std::string> points;
    const auto tap = tap_report(night());
    for (const auto line : split_lines(tap))
        if (line.starts_with("ok") || line.starts_with("not ok")) points.emplace_back(line);
    EXPECT_THAT(points, ElementsAre("ok 1 - a", "not ok 2 - b", "ok 3 - c",
                                    "not ok 4 - d # TODO hung, as expected until 2027-01-01: known",
                                    "not ok 5 - e # TODO failed, in quarantine: new board",
                                    "not ok 6 - f", "ok 7 - g # SKIP not run"));
    EXPECT_TRUE(
        tap.starts_with("TAP version 14\n1..7\n    # Subtest: a\n    1..1\n"
                        "    ok 1 - boot\nok 1 - a\n"));
    EXPECT_THAT(tap, HasSubstr("  ---\n  message: \"QEMU exited with status 1\"\n"));
}

TEST(tap_test, a_name_is_no_directive) {
    auto one = night();
    one["cells"] = {cell("x # SKIP all", "passed", "passed")};
    EXPECT_THAT(tap_report(one), HasSubstr("ok 1 - x \\# SKIP all\n"));
}

TEST(github_test, makes_no_markup_of_what_guests_print) {
    const auto summary = github_summary(night());
    EXPECT_THAT(summary, Not(HasSubstr("<img")));
    EXPECT_THAT(summary, HasSubstr("&#60;img"));
}

TEST(github_test, keeps_a_summary_under_its_limit) {
    auto large = night();
    auto one = cell("x", "failed", "failed", std::string(4000, '<'));
    large["cells"] = std::vector<json>(1000, one);
    EXPECT_LT(github_summary(large).size(), 1u << 20);
}

TEST(github_test, annotates_what_fails_the_night_and_no_more_than_is_shown) {
    auto one = night();
    one["cells"][1]["reason"] = "100%\nsecond: line";
    EXPECT_EQ(github_annotations(one),
              "::error title=b%3A panicked::100%25%0Asecond: line\n"
              "::warning title=c%3A flaky::passed at attempt 2\n"
              "::error title=f%3A infra_error::QEMU exited with status 1\n");
    one["cells"] = std::vector<json>(50, cell("x", "failed", "failed"));
    EXPECT_EQ(split_lines(github_annotations(one)).size(), 10u);
}

}  // namespace
}  // namespace qh
