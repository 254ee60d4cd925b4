// What the console engine tells of real guests' consoles. QHARNESS_UPDATE_GOLDEN=1 writes the
// events anew, for a person to review against the logs; what a case's author says is never written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <random>

#include "console/console_engine.hpp"
#include "golden_console.hpp"
#include "test_paths.hpp"

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
        return {
            {"trace", one->title}, {"site", one->site}, {"cut", one->cut}, {"lines", one->lines}};
    const auto& one = std::get<milestone>(event);
    return {{"milestone", one.kind}, {"title", one.title}};
}

/// The engine's events on a console that comes in pieces of these sizes, as text and as JSON.
class listener {
  public:
    /// `method` as the engine takes it, or nothing for its own choice.
    explicit listener(auto... method) : engine_(shipped(), method...) {}

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

json events_of(std::string_view log, auto... method) {
    listener one(method...);
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

struct told_log {
    std::string bytes;
    json events;  ///< told of the bytes fed whole
};

/// Making an engine takes longer than hearing a log.
const told_log& told(const std::string& name) {
    static std::map<std::string, told_log> all;
    auto found = all.find(name);
    if (found == all.end()) {
        auto bytes = golden::read_log(name);
        auto events = events_of(bytes);
        found = all.emplace(name, told_log{std::move(bytes), std::move(events)}).first;
    }
    return found->second;
}

struct stated_failure {
    explicit stated_failure(const nlohmann::json& stated)
        : kind(stated.at("kind")), title(stated.at("title").get<std::string>()) {}
    bool is(const json& event) const {
        return event["failure"] == kind &&
               re2::RE2::PartialMatch(event["title"].get<std::string>(), title);
    }
    std::string kind;
    re2::RE2 title;
};

class console_golden : public testing::TestWithParam<std::string> {
  protected:
    const told_log& log_ = told(GetParam());
};

TEST_P(console_golden, tells_what_was_reviewed) {
    const auto events = as_text(log_.events);
    if (std::getenv("QHARNESS_UPDATE_GOLDEN") != nullptr) golden::write_events(GetParam(), events);
    EXPECT_EQ(events, golden::read_events(GetParam()));
}

// A failure may be told more than once (a lockup that lasts); others than the stated may not.
TEST_P(console_golden, finds_the_failures_that_the_case_was_made_for_and_no_others) {
    std::deque<stated_failure> stated;
    for (const auto& one : golden::case_of(GetParam()).at("failures")) stated.emplace_back(one);
    auto awaited = stated.begin();
    for (const auto& event : log_.events) {
        if (!event.contains("failure")) continue;
        EXPECT_TRUE(std::ranges::any_of(stated, [&](const auto& one) { return one.is(event); }))
            << "not stated: " << event;
        if (awaited != stated.end() && awaited->is(event)) ++awaited;
    }
    if (awaited != stated.end())
        ADD_FAILURE() << "not found: " << awaited->kind << ": " << awaited->title.pattern();
}

TEST_P(console_golden, tells_the_same_however_the_bytes_are_split) {
    EXPECT_EQ(events_in_pieces(log_.bytes, [] { return 1; }), log_.events) << "byte by byte";
    std::mt19937 random(1);
    const auto size = [&] { return 1 + random() % (random() % 8 == 0 ? 10'000 : 100); };
    EXPECT_EQ(events_in_pieces(log_.bytes, size), log_.events) << "random splits";
}

TEST_P(console_golden, tells_the_same_with_and_without_vectorscan) {
    EXPECT_EQ(events_of(log_.bytes, line_prefilter::method::words), log_.events);
    EXPECT_EQ(events_of(log_.bytes, line_prefilter::method::re2_alone), log_.events);
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
