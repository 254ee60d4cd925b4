#include "console/console_engine.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "build_config.hpp"
#include "support/splits.hpp"

namespace qh {
namespace {

const console_patterns& shipped() {
    static const console_patterns patterns(json_document::load(
        std::filesystem::path(QHARNESS_SOURCE_ROOT) / "scenarios/lib/failure_patterns.json"));
    return patterns;
}

std::string text_of(const console_event& event) {
    if (const auto* one = std::get_if<failure>(&event)) return "failure " + one->title;
    if (const auto* one = std::get_if<failure_trace>(&event))
        return fmt::format("trace of {}", one->lines.size());
    if (const auto* one = std::get_if<milestone>(&event)) return "milestone " + one->kind;
    const auto& match = std::get<expectation::match>(event);
    std::string text = fmt::format("match {}", match.pattern);
    for (const auto& [name, value] : match.groups) text += fmt::format(" {}={}", name, value);
    return text;
}

/// Feeds a console, and expects the next of a list of patterns at each match.
class reader {
  public:
    using patterns = std::vector<expected_pattern>;

    explicit reader(std::vector<patterns> expected,
                    line_prefilter::method method = line_prefilter::method::adaptive)
        : console(shipped(), method), expected_(std::move(expected)) {
        expect_next();
    }

    void feed(std::string_view bytes) {
        while (!bytes.empty()) {
            bytes.remove_prefix(console.feed(bytes));
            take_events();
        }
    }
    void settle(bool rested) {
        console.settle(rested);
        take_events();
    }
    void finish() {
        console.finish();
        take_events();
    }

    console_engine console;
    std::vector<std::string> events;

  private:
    void take_events() {
        while (const auto event = console.next()) {
            events.push_back(text_of(*event));
            if (std::holds_alternative<expectation::match>(*event)) expect_next();
        }
    }
    void expect_next() {
        if (done_ == expected_.size()) return;
        console.expect(expected_[done_++]);
    }

    std::vector<patterns> expected_;
    std::size_t done_ = 0;
};

std::vector<std::string> events_of(const test::chunks& chunks,
                                   const std::vector<reader::patterns>& expected,
                                   line_prefilter::method method) {
    reader r(expected, method);
    for (const auto& chunk : chunks) r.feed(chunk);
    r.settle(true);
    r.finish();
    return r.events;
}

TEST(console_engine, tells_the_same_however_the_bytes_are_cut) {
    const std::string boot =
        "\r\nOpenSBI v1.5\r\n[    0.000000] Linux version 6.12\r\nvalue=12\r\n"
        "10%\r20%\r30%\r\n\x1b[1mthe value=34 is\x1b[0m value=56\r\n"
        "[    1.000000] Run /init as init process\r\nfailed: no\r\nthis\r\nand\r\nthat\r\n"
        "[    2.000000] Oops [#1]\r\n[    2.000001] epc : f\r\n"
        "[    2.000002] ---[ end trace 0 ]---\r\n~ # ";
    const std::vector<reader::patterns> expected = {
        {{"value=(?P<v>\\d+)"}},
        {{"30%"}, {"20%"}},
        {{"is"}, {"value=(?P<v>\\d+)"}},
        {{"value=(?P<v>\\d+)"}},
        {{"that"}, {"this\\nand\\nthat", 3}},
        {{"# $"}},
    };
    const std::vector<std::string> wanted = {
        "milestone opensbi", "milestone kernel", "match 0 v=12",   "match 0",
        "match 1 v=34",      "match 0 v=56",     "milestone init", "match 1",
        "failure Oops",      "trace of 3",       "match 0"};
    for (const auto method : {line_prefilter::method::words, line_prefilter::method::re2_alone})
        for (const auto& chunks : test::all_splits(boot))
            ASSERT_EQ(events_of(chunks, expected, method), wanted);
}

TEST(console_engine, tells_the_same_for_random_bytes) {
    const std::vector<reader::patterns> expected(8, {{"a+b"}, {"b$"}, {"a\\nb", 2}, {"\\[ *\\d"}});
    for (unsigned seed = 1; seed <= 30; ++seed) {
        const auto bytes = test::random_bytes("aab \n\n\r\b\x1b[1m0.\xff", 400, seed) +
                           "\n[    1.000000] Oops [#1]\r\n" +
                           test::random_bytes("ab\n[ 0123456789.]\r", 400, seed);
        const auto whole = events_of({bytes}, expected, line_prefilter::method::re2_alone);
        for (const auto& chunks : test::all_splits(bytes))
            ASSERT_EQ(events_of(chunks, expected, line_prefilter::method::words), whole) << seed;
    }
}

TEST(console_engine, matches_lines_and_the_open_one) {
    const struct {
        const char* console;
        const char* regex;
        bool brief, rested;
    } cases[] = {
        {"abc\r\n", "^abc$", true, true},
        {"a\r\nbc\r\n", "a.*b", false, false},
        {"x abc\r\n", "^abc", false, false},
        {"login: ", "login: $", true, true},
        {"login: ", "login:", true, true},
        {"login:", "login:", false, true},
        {"v=1", "v=\\d+", false, true},
        {"v=1\n", "v=\\d+", true, true},
        {"10%\r100%", "^100%$", true, true},
        {"bad \xff byte\n", "^bad . byte$", true, true},
        {"bad \xff byte", "^bad . byte$", true, true},
        {"", "a", false, false},
    };
    for (const auto& c : cases)
        for (const bool rested : {false, true}) {
            reader r({{{c.regex}}});
            r.feed(c.console);
            r.settle(rested);
            EXPECT_EQ(r.events.size(), rested ? c.rested : c.brief) << c.console << c.regex;
        }
}

TEST(console_engine, does_not_match_an_open_line_that_has_not_come_to_rest) {
    reader r({{{"v=(?P<v>\\d+)"}}});
    r.feed("v=1");
    EXPECT_TRUE(r.events.empty());
    r.feed("23 ");
    r.settle(false);
    EXPECT_THAT(r.events, testing::ElementsAre("match 0 v=123"));
}

TEST(console_engine, reads_on_after_a_match) {
    reader r({{{"one"}}, {{"one"}}, {{"^one"}, {"three"}}});
    r.feed("one two one\r\nthree\r\n");
    EXPECT_THAT(r.events, testing::ElementsAre("match 0", "match 0", "match 1"));
}

TEST(console_engine, finds_what_came_before_it_was_expected) {
    reader r({});
    r.feed("early\r\nopen");
    r.console.expect({{"early"}});
    EXPECT_TRUE(r.console.next());
    r.console.expect({{"early"}});
    EXPECT_FALSE(r.console.next());
    r.console.stop_expecting();
    r.console.read_all();
    r.feed(" line\r\n");
    r.console.expect({{"^open"}, {"line"}});
    EXPECT_EQ(std::get<expectation::match>(*r.console.next()).pattern, 1u);
}

TEST(console_engine, finds_only_in_the_history_it_keeps) {
    reader r({});
    r.feed("early\n");
    for (int i = 0; i < 40'000; ++i) r.feed(fmt::format("line {}\n", i));
    r.console.expect({{"early"}});
    EXPECT_FALSE(r.console.next());
    r.console.expect({{"^line 39000$"}});
    EXPECT_FALSE(r.console.next()) << "passed over by the pattern before";
    r.feed("line 39000\n");
    EXPECT_THAT(r.events, testing::ElementsAre("match 0"));
}

TEST(console_engine, attributes_in_the_streams_order) {
    reader r({{{"first"}}, {{"second"}}});
    r.feed("first\n[    1.000000] Oops [#1]\nsecond\n");
    EXPECT_THAT(r.events, testing::ElementsAre("match 0", "failure Oops", "match 0"));
}

TEST(console_engine, leaves_the_kernels_lines_to_others_where_told) {
    reader r({});
    r.console.watch(false);
    r.feed("[    1.000000] Oops [#1]\r\n");
    EXPECT_TRUE(r.events.empty());
    r.console.on_kernel_line("[    2.000000] Oops [#2]");
    r.settle(false);
    EXPECT_THAT(r.events, testing::ElementsAre("failure Oops"));
}

TEST(console_engine, shows_the_lines_up_to_the_event) {
    reader r({});
    r.console.feed("a\nb\n[    1.000000] Oops [#1]\nlater\n");
    r.console.next();
    EXPECT_THAT(r.console.last_lines(2), testing::ElementsAre("b", "[    1.000000] Oops [#1]"));
    while (r.console.next()) {
    }
    EXPECT_THAT(r.console.last_lines(1), testing::ElementsAre("later"));
}

}  // namespace
}  // namespace qh
