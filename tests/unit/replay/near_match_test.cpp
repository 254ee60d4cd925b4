#include "replay/near_match.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text.hpp"
#include "replay/regex_tokens.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// "LINE: DIFFERENCE" of the nearest.
std::vector<std::string> nearest(const std::string& regex, const std::string& console) {
    near_matches matches(regex);
    for (const auto line : split_lines(console)) matches.look_at(line, 1);
    std::vector<std::string> found;
    for (const auto& near : matches.nearest()) found.push_back(near.line + ": " + near.difference);
    return found;
}

TEST(near_matches_test, say_what_differs) {
    const struct {
        const char *regex, *console, *found;
    } cases[] = {
        {"^Login OK$", "one\nlogin ok\ntwo", "login ok: matches but for case"},
        {"a b +c$", "a  bc", "a  bc: matches but for white space"},
        {"^a b$", "  a b ", "  a b : matches but for white space"},
        {"cores: 4 of (8|16)", "cores: 2 of 8", "cores: 2 of 8: has 2 where the regex has 4"},
        {"version 6\\.12", "Linux version 6.1", "Linux version 6.1: has 1 where the regex has 12"},
        {"result=(?P<x>[a-z]+) done", "result=ok failed",
         "result=ok failed: matches as far as /result=(?P<x>[a-z]+) /, then has \"failed\""},
        {"memory: \\d+ MiB", "memory:", "memory:: matches as far as /memory:/, then has its end"},
        {"(abc(def|ghi))+ x", "abcdef y",
         "abcdef y: matches as far as /(abc(def|ghi))+ /, then has \"y\""},
        {"Z-[0-9]{2}", "Z-11", "Z-11: matches"},
    };
    for (const auto& c : cases)
        EXPECT_THAT(nearest(c.regex, c.console), ElementsAre(c.found)) << c.regex;
}

TEST(near_matches_test,
     prefer_another_spelling_to_a_beginning_and_a_long_beginning_to_a_short_one) {
    EXPECT_THAT(nearest("uptime: 12 s", "uptime: unknown\nuptime: 13 s\nuptime: 12"),
                ElementsAre("uptime: 13 s: has 13 where the regex has 12"));
    EXPECT_THAT(nearest("hello world", "hell\nhello w\nhelp"),
                ElementsAre("hello w: matches as far as /hello w/, then has its end"));
}

TEST(near_matches_test, find_nothing_in_what_resembles_nothing) {
    EXPECT_THAT(nearest("hello", "one\ntwo\nhe\n"), IsEmpty());
    EXPECT_THAT(nearest("^x$", "y"), IsEmpty());
}

TEST(near_matches_test, keep_three_of_many) {
    std::string console;
    for (int i = 0; i < 1000; ++i) console += fmt::format("hello w{}\n", i);
    EXPECT_EQ(nearest("hello world", console).size(), 3u);
}

TEST(regex_tokens_test, put_together_are_the_regex) {
    for (const std::string regex : {"",
                                    "abc",
                                    "^a\\.b$",
                                    "[]a]x",
                                    "[^]]+",
                                    "[[:alpha:]]{2,}?",
                                    "(?P<n>x|y)*",
                                    "(?i)a(?:b)",
                                    "\\Qa.b\\Ec",
                                    "\\x{1F600}\\x41\\pL\\p{Greek}",
                                    "a{b",
                                    "\\d+\\t\\/",
                                    "a\\",
                                    "[abc",
                                    "(?",
                                    "\xC3\xA9+",
                                    "(?<n>x)",
                                    "\\Q",
                                    "\\x4",
                                    "{",
                                    "[[:"}) {
        std::string together;
        for (const auto& token : regex_tokens(regex)) together += token.text;
        EXPECT_EQ(together, regex);
    }
}

}  // namespace
}  // namespace qh
