#include "run/judge/sub_results.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace qh {
namespace {

/// "name: outcome (reason)" for each result, then the problem.
std::string told(const sub_results& found) {
    std::string text;
    for (const auto& one : found.results)
        text += fmt::format("{}: {}{}\n", one.name, name_of(one.outcome),
                            one.reason.empty() ? "" : " (" + one.reason + ")");
    return text + found.problem;
}

struct reading {
    const char* behaviour;
    const char* output;
    const char* told;
};

TEST(sub_results, of_tap) {
    const reading cases[] = {
        {"plan and results", "TAP version 14\n1..2\nok 1 - a\nnot ok 2 - b\n",
         "a: passed\nb: failed\n"},
        {"no numbers, no dash", "ok a\n1..1\n", "a: passed\n"},
        {"skip and todo", "1..3\nok 1 a # SKIP no disk\nnot ok 2 b # TODO later\nok 3 c # todo\n",
         "a: skipped (no disk)\nb: skipped (later)\nc: passed\n"},
        {"a plan that was not kept", "1..3\nok 1 a\n", "a: passed\n1 of 3 planned tests came"},
        {"bailing out", "1..2\nok 1 a\nBail out! no memory\n",
         "a: passed\nthe program bailed out: no memory"},
        {"all skipped", "1..0 # SKIP no torch\n", "all: skipped (no torch)\n"},
        {"subtests and diagnostics",
         "1..2\n# Subtest: s\n    1..2\n    ok 1 a\n    not ok 2 b\n      ---\n      why: x\n"
         "      ...\nnot ok 1 - s\nok 2 - t\n",
         "s / a: passed\ns / b: failed\nt: passed\n"},
        {"a parent that failed by itself", "1..1\n    ok 1 a\n    1..1\nnot ok 1 s\n",
         "s / a: passed\ns: failed\n"},
        {"words", "hello\nok_not a test\nokay\n", "the output has no results to parse"},
        {"hostile bytes", "1..1\nok 1 \x1b[2J\xff\n", "\\x1b[2J\\xff: passed\n"},
        {"no plan", "ok 1 a\n", "a: passed\nno plan (1..N) tells whether all tests came"},
        {"a number twice", "1..2\nok 1 a\nok 1 a\n", "a: passed\na: passed\ntest 1 came twice"},
        {"more than planned", "1..1\nok 1 a\nok 2 b\n",
         "a: passed\nb: passed\n2 tests came where 1 were planned"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(told(read_sub_results(result_format::tap, c.output)), c.told) << c.behaviour;
}

TEST(sub_results, of_ktap_with_the_kernels_time_stamps) {
    const auto found = read_sub_results(result_format::ktap,
                                        "[    1.000000] KTAP version 1\n"
                                        "[    1.000001] 1..1\n"
                                        "[    1.000002]   KTAP version 1\n"
                                        "[    1.000003]   1..3\n"
                                        "[    1.000004]   # test_1: initializing\n"
                                        "[    1.000005]   ok 1 test_1\n"
                                        "[    1.000006]   not ok 2 test_2 # TIMEOUT 45 seconds\n"
                                        "[    1.000007]   not ok 3 test_3 # XFAIL known\n"
                                        "[    1.000008] not ok 1 suite\n");
    EXPECT_EQ(told(found),
              "suite / test_1: passed\nsuite / test_2: failed (45 seconds)\n"
              "suite / test_3: skipped (known)\n");
    EXPECT_EQ(found.failure(), "1 of 3 sub-results failed: suite / test_2 (45 seconds)");
}

TEST(sub_results, of_a_nested_plan_that_was_not_kept) {
    EXPECT_EQ(told(read_sub_results(result_format::ktap, "1..1\n  1..2\n  ok 1 a\nok 1 suite\n")),
              "suite / a: passed\n1 of 2 planned tests came in suite");
}

TEST(sub_results, plans_that_do_not_fit) {
    const reading cases[] = {
        {"no test planned, and no reason", "KTAP version 1\n1..0\n",
         "all: skipped (its plan is 1..0: there was no test to run)\n"},
        {"a comment behind the plan", "1..3 # of the usual\nok 1 a\n",
         "a: passed\n1 of 3 planned tests came"},
        {"more than anyone counts", "1..99999999999999999999\nok 1 a\n",
         "a: passed\n1 of 999999999 planned tests came"},
        {"a number behind the plan's end", "1..2\nok 1 a\nok 5 b\n",
         "a: passed\nb: passed\ntest 5 came where 2 were planned"},
        {"modules that KUnit numbers on",
         "KTAP version 1\n1..1\nok 1 a\nKTAP version 1\n1..1\nok 2 b\n", "a: passed\nb: passed\n"},
        {"a smaller plan in place of the first", "1..3\nok 1 a\n1..1\n",
         "a: passed\na second plan (1..1) came before all tests of the first (1..3)"},
        {"tests where none was planned", "1..0\nok 1 a\n",
         "a: passed\n1 tests came where 0 were planned"},
        {"nothing behind the version", "KTAP version 1\n", "the output has no results to parse"},
        {"two whole documents", "TAP version 13\n1..1\nok 1 a\nTAP version 13\n1..1\nok 1 b\n",
         "a: passed\nb: passed\n"},
        {"a document that broke off before the next one",
         "TAP version 13\n1..2\nok 1 a\nTAP version 13\n1..1\nok 1 b\n",
         "a: passed\nb: passed\n1 of 2 planned tests came"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(told(read_sub_results(result_format::ktap, c.output)), c.told) << c.behaviour;
}

TEST(sub_results, of_lines_that_end_or_begin_in_other_ways) {
    const reading cases[] = {
        {"CR LF", "TAP version 13\r\n1..3\r\nok 1 a\r\n", "a: passed\n1 of 3 planned tests came"},
        {"tabs",
         "TAP version 14\n\t# Subtest: s\n\t1..2\n\tnot ok 1 - a\n\tok 2 - b\nnot ok 1 - s\n",
         "s / a: failed\ns / b: passed\n"},
        {"tabs below blanks", "1..1\n    1..1\n\t1..1\n\tnot ok 1 a\n    not ok 1 b\nnot ok 1 c\n",
         "c / b / a: failed\n"},
        {"one blank, and three", "1..2\n 1..1\n ok 1 a\nok 1 s\n   1..1\n   ok 1 b\nok 2 t\n",
         "s / a: passed\nt / b: passed\n"},
        {"a line that slipped", "1..1\n    1..2\n    ok 1 a\n  ok 2 b\nok 1 s\n",
         "s / a: passed\ns / b: passed\n"},
        {"no indentation at all",
         "KTAP version 1\n1..2\nKTAP version 1\n1..2\nnot ok 1 a\nok 2 b\nnot ok 1 s\n"
         "KTAP version 1\n1..1\nok 1 c\nok 2 t\n",
         "s / a: failed\ns / b: passed\nt / c: passed\n"},
        {"stamps of dmesg -T, and threads",
         "[Mon Mar  4 10:00:00 2024] 1..1\n<6>[    1.000000][    T1]   1..1\n"
         "[    1.000000][    T1]   ok 1 a\nkern  :info  : [    1.000001] ok 1 s\n",
         "s / a: passed\n"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(told(read_sub_results(result_format::ktap, c.output)), c.told) << c.behaviour;
}

TEST(sub_results, what_did_not_run_did_not_pass) {
    const reading cases[] = {
        {"a subtest whose plan is empty",
         "KTAP version 1\n1..1\n  KTAP version 1\n  # Subtest: s\n  1..0\nok 1 s\n",
         "s: skipped (its plan is 1..0: there was no test to run)\n"},
        {"a subtest without tests and plan",
         "KTAP version 1\n1..1\n  KTAP version 1\n  # Subtest: s\nok 1 s\n",
         "s: skipped (no test in it ran)\n"},
        {"one that was announced beside it", "1..2\nok 1 a\n# Subtest: s\nok 2 - s\n",
         "a: passed\ns: skipped (no test in it ran)\n"},
        {"a test that has its suite's name",
         "KTAP version 1\n1..1\n  KTAP version 1\n  # Subtest: s\n  1..1\n  ok 1 s\nok 1 s\n",
         "s / s: passed\n"},
        {"a test that timed out though it says ok", "1..1\nok 1 a # TIMEOUT 45 seconds\n",
         "a: failed (45 seconds)\n"},
        {"an expected failure by kselftest's habit",
         "1..2\nok 1 # XFAIL b\nok 2 # SKIP c: no disk\n",
         "test 1: skipped (b)\ntest 2: skipped (c: no disk)\n"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(told(read_sub_results(result_format::ktap, c.output)), c.told) << c.behaviour;
}

TEST(sub_results, of_tests_that_kselftest_quotes) {
    const auto found = read_sub_results(
        result_format::ktap,
        "TAP version 13\n1..3\n# timeout set to 45\n# selftests: mm: map\n# TAP version 13\n# "
        "1..3\n"
        "# ok 1 first\n# not ok 2 second\n# # a note: ok 7\n# ok 3 third # SKIP no huge pages\n"
        "# # Totals: pass:1 fail:1\nnot ok 1 selftests: mm: map # exit=1\n"
        "# selftests: mm: hole\n# a line\nok 2 selftests: mm: hole\n"
        "# selftests: mm: cut\n# TAP version 13\n# 1..2\n# ok 1 one\nok 3 selftests: mm: cut\n");
    EXPECT_EQ(told(found),
              "selftests: mm: map / first: passed\nselftests: mm: map / second: failed\n"
              "selftests: mm: map / third: skipped (no huge pages)\nselftests: mm: hole: passed\n"
              "selftests: mm: cut / one: passed\n"
              "1 of 2 planned tests came in selftests: mm: cut");
}

TEST(sub_results, of_descriptions_and_what_stands_behind_them) {
    const reading cases[] = {
        {"escaped", "1..1\nnot ok 1 - handles \\# TODO lists\n",
         "handles \\# TODO lists: failed\n"},
        {"within a word", "1..2\nnot ok 1 C#todo\nnot ok 2 issue # 12 # TODO later\n",
         "C#todo: failed\nissue: skipped (later)\n"},
        {"a comment", "1..1\nnot ok 1 a # exit=1\n", "a: failed (exit=1)\n"},
        {"parts that were expected to fail",
         "1..1\n    1..2\n    not ok 1 a\nnot ok 1 s # TODO soon\n", "s / a: skipped (soon)\n"},
        {"YAML that quotes results",
         "1..2\nnot ok 1 a\n  ---\n  output: |\n    not ok 2 inner\n  1..7\n  ...\nok 2 b\n",
         "a: failed\nb: passed\n"},
        {"YAML without an end", "1..2\nok 1 a\n  ---\n  why: x\nnot ok 2 b\n",
         "a: passed\nb: failed\n"},
        {"comments", "1..1\n# 1..5\n# not ok 3 of an earlier run\nok 1 a\n", "a: passed\n"},
        {"prose", "1..1\nok, let us go\nok 1 a\nokay\n", "a: passed\n"},
        {"bailing out in another case", "1..1\nok 1 a\nBAIL OUT!\n",
         "a: passed\nthe program bailed out"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(told(read_sub_results(result_format::tap, c.output)), c.told) << c.behaviour;
}

TEST(sub_results, skipped_as_a_whole_always_have_a_reason) {
    for (const auto* const output :
         {"1..0\n", "1..0 # skip\n", "1..2\nok 1 # skip\nok 2 a # SKIP\n"})
        EXPECT_NE(read_sub_results(result_format::tap, output).why_skipped(), "") << output;
    EXPECT_NE(read_sub_results(result_format::jsonl, R"({"test": "a", "outcome": "skipped"})")
                  .why_skipped(),
              "");
    EXPECT_EQ(read_sub_results(result_format::tap, "1..1\nok 1 a\n").why_skipped(), "");
}

TEST(sub_results, of_json_lines) {
    const reading cases[] = {
        {"outcomes",
         "x\n{\"test\": \"a\", \"outcome\": \"passed\"}\n"
         "{\"test\": \"b\", \"outcome\": \"failed\", \"reason\": \"1 ulp\"}\n"
         "{\"test\": \"c\", \"outcome\": \"skipped\"}\n{\"name\": \"m\", \"value\": 1}\n",
         "a: passed\nb: failed (1 ulp)\nc: skipped\n"},
        {"an outcome that is none", "{\"test\": \"a\", \"outcome\": \"fine\"}\n",
         "a has an outcome that is none: fine"},
        {"nothing", "", "the output has no results to parse"},
    };
    for (const auto& c : cases)
        EXPECT_EQ(told(read_sub_results(result_format::jsonl, c.output)), c.told) << c.behaviour;
}

TEST(sub_results, are_bounded) {
    std::string output;
    for (int i = 0; i < 10005; ++i) output += fmt::format("not ok {} t{}\n", i + 1, i);
    const auto found = read_sub_results(result_format::tap, output);
    EXPECT_EQ(found.results.size(), 10000u);
    EXPECT_EQ(found.failure(),
              "10000 of 10000 sub-results failed: t0, t1, t2, t3, t4, …; more than 10000 results");
    std::string deep;
    for (int i = 0; i < 1000; ++i)
        deep += std::string(static_cast<std::size_t>(i), ' ') + "ok 1 a\n";
    EXPECT_LE(read_sub_results(result_format::tap, deep).results.size(), 1000u);
}

}  // namespace
}  // namespace qh
