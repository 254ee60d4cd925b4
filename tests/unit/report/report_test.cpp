// Reports are what CI systems read, whatever a guest has printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <pugixml.hpp>

#include "base/text.hpp"
#include "report/github.hpp"
#include "report/junit.hpp"
#include "report/some_night.hpp"
#include "report/tap.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

pugi::xml_document parsed(const std::string& xml) {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_buffer(xml.data(), xml.size()));
    return document;
}

TEST(junit_test, has_a_case_for_each_cell_that_ends_as_the_cell_did) {
    const auto xml = junit_report(test::some_night());
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

TEST(junit_test, holds_nothing_that_xml_forbids) {
    const auto xml = junit_report(test::some_night());
    EXPECT_TRUE(is_valid_utf8(xml));
    EXPECT_THAT(xml, Not(HasSubstr("\x1b")));
    EXPECT_THAT(xml, Not(HasSubstr("&#x1B;")));
    EXPECT_THAT(xml, Not(HasSubstr("\xEF\xBF\xBF")));
    EXPECT_THAT(xml, Not(HasSubstr("<img")));
}

TEST(tap_test, has_a_point_for_each_cell) {
    std::vector<std::string> points;
    const auto tap = tap_report(test::some_night());
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
    const auto one = test::some_night_of({test::some_cell("x # SKIP all", "passed", "passed")});
    EXPECT_THAT(tap_report(one), HasSubstr("ok 1 - x \\# SKIP all\n"));
}

TEST(github_test, makes_no_markup_of_what_guests_print) {
    const auto summary = github_summary(test::some_night());
    EXPECT_THAT(summary, Not(HasSubstr("<img")));
    EXPECT_THAT(summary, HasSubstr("&#60;img"));
}

TEST(github_test, keeps_a_summary_under_its_limit) {
    const auto one = test::some_cell("x", "failed", "failed", std::string(4000, '<'));
    const auto large = test::some_night_of(std::vector<json>(1000, one));
    EXPECT_LT(github_summary(large).size(), 1u << 20);
}

TEST(github_test, annotates_what_fails_the_night_and_no_more_than_is_shown) {
    auto one = test::some_night();
    one.cells[1].reason = "100%\nsecond: line";
    EXPECT_EQ(github_annotations(one),
              "::error title=b%3A panicked::100%25%0Asecond: line\n"
              "::warning title=c%3A flaky::passed at attempt 2\n"
              "::error title=f%3A infra_error::QEMU exited with status 1\n");
    one = test::some_night_of(std::vector<json>(50, test::some_cell("x", "failed", "failed")));
    EXPECT_EQ(split_lines(github_annotations(one)).size(), 10u);
}

}  // namespace
}  // namespace qh
