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
