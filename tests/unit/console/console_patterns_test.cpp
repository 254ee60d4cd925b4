#include "console/console_patterns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/failure_watch.hpp"
#include "support/errors.hpp"

namespace qh {
namespace {

using testing::HasSubstr;

std::string kind_of(const console_patterns& patterns, const char* line) {
    failure_watch watch(patterns);
    std::vector<watch_event> events;
    watch.on_line(line, events);
    return events.empty() ? "" : std::get<failure>(events.front()).kind;
}

TEST(console_patterns, are_told_their_mistakes_with_their_places) {
    const struct {
        const char* text;
        const char* message;
    } cases[] = {
        {R"({"patterns": [{"kind": "a", "severity": "bad", "start": "x"}]})",
         "f:1:41: error: \"severity\" is \"note\""},
        {R"({"patterns": [{"kind": "a", "severity": "suspected", "start": "x"}]})",
         "f:1:41: error: \"severity\" is \"note\""},
        {R"({"patterns": [{"kind": "a", "severity": "note", "start": "("}]})",
         "f:1:58: error: bad regex:"},
        {R"({"patterns": [{"kind": "a", "severity": "note"}]})", "a pattern needs \"start\""},
        {R"({"patterns": [{"kind": "a", "severity": "note", "start": "x", "end": "["}]})",
         "f:1:70: error: bad regex:"},
        {R"({"patterns": [{"kind": "a", "severity": "note", "start": "x", "ends": "y"}]})",
         "a pattern has no \"ends\""},
        {R"({"patterns": [{"kind": "a", "severity": "note", "start": "x", "from": "me"}]})",
         "\"from\" is \"kernel\""},
        {R"({"patterns": [{"kind": "a", "severity": "note", "start": "x", "title": "\\1"}]})",
         "\"title\" does not fit \"start\""},
        {R"({"patterns": [], "milestones": [{"kind": "a", "severity": "note", "start": "x"}]})",
         "a milestone has no \"severity\""},
        {R"({"patterns": [], "benign": ["ok", "["]})", "f:1:35: error: bad regex:"},
        {R"({"patterns": [{"kind": "a", "severity": "note", "start": ""}]})", "an empty regex"},
        {R"({"patterns": 3})", "a list of patterns belongs here"},
        {R"({"pattern": []})", "needs \"patterns\""},
    };
    for (const auto& c : cases)
        EXPECT_THAT(test::message_of([&] { console_patterns(json_document::parse(c.text, "f")); }),
                    HasSubstr(c.message));
}

TEST(console_patterns, may_be_none) {
    const console_patterns none(json_document::parse(R"({"patterns": []})", "f"));
    EXPECT_EQ(kind_of(none, "Kernel panic - not syncing"), "");
}

TEST(console_patterns, go_by_their_order) {
    const console_patterns patterns(json_document::parse(
        R"({"patterns": [{"kind": "b", "severity": "note", "start": "ab"},
                         {"kind": "a", "severity": "fatal", "start": "a"}]})",
        "f"));
    EXPECT_EQ(kind_of(patterns, "abc"), "b");
    EXPECT_EQ(kind_of(patterns, "ac"), "a");
}

TEST(console_patterns, let_a_scenario_add_its_own_and_allow_others) {
    console_patterns patterns(json_document::parse(
        R"({"patterns": [{"kind": "a", "severity": "fatal", "start": "a"}]})", "f"));
    patterns.add_from_scenario(json_document::parse(R"({"failures": {
            "patterns": [{"kind": "mine", "severity": "note", "start": "ab"}],
            "allow": ["ax"]}})",
                                                    "s"),
                               json_path("/failures"));
    EXPECT_EQ(kind_of(patterns, "abc"), "mine");
    EXPECT_EQ(kind_of(patterns, "ac"), "a");
    EXPECT_EQ(kind_of(patterns, "axe"), "");
}

}  // namespace
}  // namespace qh
