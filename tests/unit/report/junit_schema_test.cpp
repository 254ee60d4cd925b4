// What is written as JUnit is what Jenkins and GitLab read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <pugixml.hpp>
#include <set>

#include "process/tool.hpp"
#include "process/tool_path.hpp"
#include "report/junit.hpp"
#include "report/some_night.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"
#include "test_paths.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

class junit_schema_test : public test::in_temporary_folder {
  protected:
    void SetUp() override {
        if (find_tool("xmllint").empty())
            GTEST_SKIP() << "xmllint is not installed (Debian: libxml2-utils)";
    }
    void check(const std::string& xml) {
        const auto file = write("junit.xml", xml);
        tool_command lint;
        lint.argv = {"xmllint",    "--nonet", "--noout", "--schema", TEST_DATA "/junit-10.xsd",
                     file.string()};
        lint.package = "libxml2-utils";
        run_tool(lint);
    }
};

TEST_F(junit_schema_test, jenkins_schema_accepts_every_kind_of_cell) {
    EXPECT_NO_THROW(check(junit_report(test::some_night())));
}

TEST_F(junit_schema_test, and_a_night_without_cells) {
    EXPECT_NO_THROW(check(junit_report(test::some_night_of({}))));
}

TEST_F(junit_schema_test, and_refuses_what_is_none) {
    EXPECT_THAT(test::message_of([&] { check("<testsuites><testsuite name='x'/></testsuites>"); }),
                HasSubstr("The attribute 'tests' is required but missing"));
}

/// As GitLab's reader takes a case: by the first of these that is there.
std::string gitlab_status(const pugi::xml_node& test) {
    for (const auto* kind : {"failure", "error", "skipped"})
        if (test.child(kind)) return kind;
    return "success";
}

TEST(junit_for_gitlab_test, each_case_is_one_of_its_own_with_its_status_and_its_words) {
    const auto xml = junit_report(test::some_night());
    pugi::xml_document document;
    ASSERT_TRUE(document.load_buffer(xml.data(), xml.size()));
    std::map<std::string, std::string> statuses;
    for (const auto suite : document.child("testsuites").children("testsuite"))
        for (const auto test : suite.children("testcase")) {
            // It knows a case by these two, and drops the second of a name.
            EXPECT_STRNE(test.attribute("classname").value(), "");
            EXPECT_TRUE(
                statuses.emplace(test.attribute("name").value(), gitlab_status(test)).second);
            // It shows the text, and the message only where there is none.
            for (const auto* kind : {"failure", "error"}) {
                const auto problem = test.child(kind);
                EXPECT_THAT(problem.text().get(), HasSubstr(problem.attribute("message").value()));
            }
        }
    EXPECT_EQ(statuses, (std::map<std::string, std::string>{{"a", "success"},
                                                            {"b", "failure"},
                                                            {"c", "success"},
                                                            {"d", "skipped"},
                                                            {"e", "skipped"},
                                                            {"f", "error"},
                                                            {"g", "skipped"}}));
}

}  // namespace
}  // namespace qh
