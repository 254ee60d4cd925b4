#include "audit/requirement_table.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "support/errors.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* good =
    "# a table\n"
    "requirement: make\n"
    "level: required\n"
    "minimum: 4.0\n"
    "proof: it follows a rule\n"
    "why: third parties build with it\n"
    "given-by: A B>min_disk\n"
    "given-by: C!=n\n"
    "with: gmake bmake\n"
    "mend: A=y B=\"24G\"\n"
    "note: none: at all\n"
    "\n"
    "requirement: memory\n"
    "level: recommended\n"
    "proof: counted\n"
    "why: for the compiler\n"
    "unknown: the machine has it\n";

std::string mistake_in(const std::string& text) {
    const auto message = test::message_of([&] { parse_requirements(text, "t.txt"); });
    return message.substr(0, message.find('\n'));
}

/// The good table with one line replaced.
std::string with_line(const std::string& before, const std::string& after) {
    std::string text = good;
    return text.replace(text.find(before), before.size(), after);
}

TEST(requirement_table, reads_every_member) {
    const auto table = parse_requirements(good, "t.txt");
    ASSERT_EQ(table.size(), 2u);
    const auto& make = table[0];
    EXPECT_EQ(make.name, "make");
    EXPECT_TRUE(make.is_required);
    EXPECT_EQ(make.minimum, "4.0");
    EXPECT_EQ(make.note, "none: at all");
    ASSERT_EQ(make.given_by.size(), 2u);
    EXPECT_EQ(make.given_by[0][0].what, config_condition::kind::is_on);
    EXPECT_EQ(make.given_by[0][1].what, config_condition::kind::is_larger);
    EXPECT_EQ(make.given_by[0][1].size, "min_disk");
    EXPECT_EQ(make.given_by[1][0].what, config_condition::kind::is_not_off);
    EXPECT_EQ(make.given_by[1][0].symbol, "C");
    EXPECT_THAT(make.with, ElementsAre("gmake", "bmake"));
    EXPECT_EQ(make.mend[1].line(), "B=\"24G\"");
    EXPECT_FALSE(table[1].is_required);
}

TEST(requirement_table, points_at_its_mistakes) {
    EXPECT_EQ(mistake_in(with_line("minimum: 4.0", "minimun: 4.0")),
              "t.txt:4:1: error: there is no key \"minimun\"; did you mean \"minimum\"?");
    EXPECT_EQ(mistake_in(with_line("minimum: 4.0", "minimum 4.0")),
              "t.txt:4:1: error: expected \"key: value\"");
    EXPECT_EQ(mistake_in(with_line("level: required", "level: vital")),
              "t.txt:3:1: error: a level is required or recommended");
    EXPECT_EQ(mistake_in(with_line("requirement: memory", "requirement: make")),
              "t.txt:13:1: error: \"make\" stands in the table already");
    EXPECT_EQ(mistake_in(with_line("# a table", "level: required")),
              "t.txt:1:1: error: expected \"requirement: NAME\" first");
    EXPECT_THAT(mistake_in(with_line("unknown: the machine has it\n", "")),
                HasSubstr("\"memory\" does not say what brings it"));
    EXPECT_THAT(mistake_in(with_line("why: for the compiler\n", "")),
                HasSubstr("\"memory\" has no level, no proof or no why"));
    EXPECT_THAT(mistake_in(with_line("mend: A=y B=\"24G\"\n", "")),
                HasSubstr("\"make\" has no lines that mend it"));
}

TEST(requirement_table, the_shipped_one_names_all_that_a_build_needs) {
    std::set<std::string> required, recommended;
    for (const auto& one : load_requirements())
        (one.is_required ? required : recommended).insert(one.name);
    for (const auto* name : {"python", "pip", "setuptools", "numpy", "c-compiler", "c++-compiler",
                             "fortran", "make", "cmake", "git", "ninja", "patchelf", "blas-lapack",
                             "ssl", "zlib", "ca-certificates", "disk", "memory"})
        EXPECT_TRUE(required.contains(name)) << name;
    for (const auto* name : {"clang", "gcc", "g++", "ccache", "typing-extensions", "pyyaml", "cffi",
                             "sqlite3", "bz2", "readline", "curses", "pyexpat", "patch", "tar"})
        EXPECT_TRUE(recommended.contains(name)) << name;
}

}  // namespace
}  // namespace qh
