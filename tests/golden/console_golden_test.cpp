// What the console engine tells of real guests' consoles. QHARNESS_UPDATE_GOLDEN=1 writes the
// events anew, for a person to review against the logs; what a case's author says is never written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <cstdlib>
#include <random>

#include "console/console_engine.hpp"
#include "golden_console.hpp"

namespace qh {
namespace {

using json = nlohmann::ordered_json;

const console_patterns& shipped() {
    static const console_patterns patterns(json_document::load(FAILURE_PATTERNS));
    return patterns;
}

json as_json(const console_event& event) {
    if (const auto* one = std::get_if<failure>(&event))
        return {{"failure", one->kind},
                {"title", one->title},
                {"severity", one->fatal ? "fatal" : "note"},
                {"line", one->line}};
    if (const auto* one = std::get_if<failure_trace>(&event))
        return {{"trace", one->title}, {"cut", one->cut}, {"lines", one->lines}};
    const auto& one = std::get<milestone>(event);
    return {{"milestone", one.kind}, {"title", one.title}};
}

/// The engine's events on a console that comes in pieces of these sizes, as text and as JSON.
class listener {
  public:
    explicit listener(line_prefilter::method method = line_prefilter::method::fastest)
        : engine_(shipped(), method) {}

    void hear(std::string_view piece) {
        while (!piece.empty()) {
            piece.remove_prefix(engine_.feed(piece));
            take();
        }
    }

    json finish() {
        engine_.finish();
        take();
        return std::move(events_);
    }

  private:
    void take() {
        while (const auto event = engine_.next()) events_.push_back(as_json(*event));
    }

    console_engine engine_;
    json events_ = json::array();
};

json events_of(std::string_view log,
               line_prefilter::method method = line_prefilter::method::fastest) {
    listener one(method);
    one.hear(log);
    return one.finish();
}

json events_in_pieces(std::string_view log, const std::function<std::size_t()>& size) {
    listener one;
    while (!log.empty()) {
        const auto piece = log.substr(0, size());
        one.hear(piece);
        log.remove_prefix(piece.size());
    }
    return one.finish();
}

std::string as_text(const json& events) {
    return events.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

class console_golden : public testing::TestWithParam<std::string> {
  protected:
    const std::string log_ = golden::read_log(GetParam());
};

TEST_P(console_golden, tells_what_was_reviewed) {
    const auto events = as_text(events_of(log_));
    if (std::getenv("QHARNESS_UPDATE_GOLDEN") != nullptr) golden::write_events(GetParam(), events);
    EXPECT_EQ(events, golden::read_events(GetParam()));
}

TEST_P(console_golden, finds_the_failures_that_the_case_was_made_for) {
    std::vector<std::string> found;
    for (const auto& event : events_of(log_))
        if (event.contains("failure"))
            found.push_back(event["failure"].get<std::string>() + ": " +
                            event["title"].get<std::string>());
    const auto& stated = golden::case_of(GetParam()).at("failures");
    ASSERT_EQ(found.size(), stated.size()) << testing::PrintToString(found);
    for (std::size_t index = 0; index < found.size(); ++index) {
        const auto wanted = stated[index].at("kind").get<std::string>() +
                            ": .*(?:" + stated[index].at("title").get<std::string>() + ")";
        EXPECT_TRUE(re2::RE2::PartialMatch(found[index], "^" + wanted))
            << found[index] << " is not " << wanted;
    }
}

TEST_P(console_golden, tells_the_same_however_the_bytes_are_split) {
    const auto whole = events_of(log_);
    EXPECT_EQ(events_in_pieces(log_, [] { return 1; }), whole) << "byte by byte";
    for (const unsigned seed : {1U, 2U, 3U}) {
        std::mt19937 random(seed);
        const auto size = [&] { return 1 + random() % (seed == 3 ? 100'000 : 200); };
        EXPECT_EQ(events_in_pieces(log_, size), whole) << "random splits, seed " << seed;
    }
}

TEST_P(console_golden, tells_the_same_without_vectorscan) {
    EXPECT_EQ(events_of(log_, line_prefilter::method::re2_alone), events_of(log_));
}

INSTANTIATE_TEST_SUITE_P(all, console_golden, testing::ValuesIn(golden::log_names()),
                         [](const auto& instance) {
                             auto name = instance.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(console_golden_logs, are_at_least_forty_and_each_has_its_case) {
    EXPECT_GE(golden::log_names().size(), 40U);
    EXPECT_THAT(golden::log_names(), testing::ElementsAreArray(golden::case_names()));
}

}  // namespace
}  // namespace qh
