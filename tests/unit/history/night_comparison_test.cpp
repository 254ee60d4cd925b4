// What changed between two nights.
#include "history/night_comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "matrix/night_json.hpp"

namespace qh {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

json cell(const std::string& name, const std::string& status, const std::string& outcome = {}) {
    return {{"name", name},
            {"status", status},
            {"outcome", outcome.empty() ? status : outcome},
            {"reason", status == "passed" ? "" : "step \"work\": exit status 1"},
            {"fingerprint", {{"cpu", "rv64"}, {"host_load", 1.5}}},
            {"scenario", {{"digest", "d"}}}};
}

json with(json cell, const json& more) {
    cell.update(more);
    return cell;
}

night_result night(const std::string& name, std::vector<json> cells) {
    return night_from_json({{"night", name}, {"matrix", "m"}, {"cells", std::move(cells)}});
}

std::string fingerprint(const json& cell) {
    return fingerprint_of(night("a", {cell}).cells.front());
}

struct no_past : past {
    std::string failing_since(const night_result&, const std::string&) const override {
        return since;
    }
    std::vector<double> values(const night_result&, const std::string&, const std::string&,
                               const std::string&) const override {
        return known;
    }

    std::string since;
    std::vector<double> known;
};

std::vector<std::string> names(const json& list) {
    std::vector<std::string> all;
    for (const auto& one : list) all.push_back(one.is_string() ? one : one["cell"]);
    return all;
}

TEST(night_comparison, of_equal_nights_is_empty) {
    const auto one = night("a", {cell("x", "passed"), cell("y", "expected_failure", "hung")});
    const auto result = compare_nights(one, one, no_past());
    EXPECT_EQ(comparison_text(result), "nothing has changed\n");
    EXPECT_FALSE(is_worse(result));
}

TEST(night_comparison, tells_new_failures_from_old_ones_and_from_flakes) {
    no_past past;
    past.since = "2026-11-20T01:00:00Z";
    const auto result = compare_nights(
        night("a", {cell("breaks", "passed"), cell("mended", "failed"), cell("old", "failed"),
                    cell("flakes", "passed"), cell("lost", "passed"), cell("host", "passed")}),
        night("b", {cell("breaks", "failed", "panicked"), cell("mended", "passed"),
                    cell("old", "failed", "hung"), cell("flakes", "flaky"), cell("new", "passed"),
                    cell("host", "infra_error")}),
        past);
    EXPECT_THAT(names(result["new_failures"]), ElementsAre("breaks"));
    EXPECT_EQ(result["new_failures"][0]["before"], "passed");
    EXPECT_THAT(names(result["fixed"]), ElementsAre("mended"));
    EXPECT_THAT(names(result["still_failing"]), ElementsAre("old"));
    EXPECT_EQ(result["still_failing"][0]["since"], past.since);
    EXPECT_THAT(names(result["flaky"]), ElementsAre("flakes"));
    EXPECT_THAT(names(result["infra_errors"]), ElementsAre("host"));
    EXPECT_THAT(names(result["gone"]), ElementsAre("lost"));
    EXPECT_THAT(names(result["added"]), ElementsAre("new"));
    EXPECT_TRUE(is_worse(result));
    EXPECT_THAT(comparison_text(result), HasSubstr("breaks: panicked (before: passed)"));
}

TEST(night_comparison, what_failed_before_already_is_nothing_new_to_act_on) {
    const auto both = night("a", {cell("old", "failed"), cell("flakes", "flaky")});
    EXPECT_FALSE(is_worse(compare_nights(both, both, no_past())));
}

TEST(night_comparison, groups_equal_crashes) {
    const json oops = {
        {"failures",
         {{{"kind", "oops"}, {"title", "Oops in f"}}, {{"kind", "oops"}, {"title", "Oops in f"}}}}};
    const auto result = compare_nights(
        night("a", {cell("x", "passed"), cell("y", "passed")}),
        night("b", {with(cell("x", "failed"), oops), with(cell("y", "failed"), oops)}), no_past());
    ASSERT_EQ(result["crashes"].size(), 1u);
    EXPECT_EQ(result["crashes"][0]["cells"], (json{"x", "y"}));
    EXPECT_EQ(result["crashes"][0]["new"], true);
}

json measured(double value, std::vector<double> samples = {}, double q25 = 0, double q75 = 0,
              const char* better = "higher") {
    json one = {{"name", "gflops"}, {"value", value}, {"unit", "GFLOP/s"}, {"better", better}};
    if (!samples.empty()) {
        one["samples"] = samples;
        one["q25"] = q25;
        one["q75"] = q75;
    }
    return {{"measurements", {one}}};
}

std::size_t moved(const json& before, const json& after, const past& past = no_past()) {
    return compare_nights(night("a", {with(cell("x", "passed"), before)}),
                          night("b", {with(cell("x", "passed"), after)}), past)["moved"]
        .size();
}

TEST(night_comparison, a_measurement_moves_when_its_samples_lie_apart) {
    const std::vector<double> five = {1, 2, 3, 4, 5};
    EXPECT_EQ(moved(measured(10, five, 9, 11), measured(8, five, 7, 8.5)), 1u);
    EXPECT_EQ(moved(measured(10, five, 9, 11), measured(9.5, five, 8, 10)), 0u);
    // Apart, but by less than anyone should act on.
    EXPECT_EQ(moved(measured(10, five, 9.99, 10.01), measured(9.9, five, 9.89, 9.91)), 0u);
    // One number alone says nothing of its noise.
    EXPECT_EQ(moved(measured(10), measured(1)), 0u);
}

TEST(night_comparison, or_when_it_leaves_what_it_was_in_earlier_nights) {
    no_past past;
    past.known = {10, 10.4, 9.8};
    EXPECT_EQ(moved(measured(10), measured(8), past), 1u);
    EXPECT_EQ(moved(measured(10), measured(9.5), past), 0u);
    past.known = {10, 10.4};
    EXPECT_EQ(moved(measured(10), measured(8), past), 0u);
}

TEST(night_comparison, knows_which_way_is_worse) {
    no_past past;
    past.known = {10, 10, 10};
    const auto compare = [&](double value, const char* better) {
        const auto result = compare_nights(
            night("a", {cell("x", "passed")}),
            night("b", {with(cell("x", "passed"), measured(value, {}, 0, 0, better))}), past);
        return is_worse(result);
    };
    EXPECT_TRUE(compare(8, "higher"));
    EXPECT_FALSE(compare(12, "higher"));
    EXPECT_TRUE(compare(12, "lower"));
    EXPECT_FALSE(compare(12, ""));
}

TEST(night_comparison, figures_of_different_machines_do_not_compare) {
    const std::vector<double> five = {1, 2, 3, 4, 5};
    const json other_host = {{"fingerprint", {{"cpu", "rv64"}, {"host_cpu", "another"}}}};
    EXPECT_EQ(moved(measured(10, five, 9, 11), with(measured(5, five, 4, 6), other_host)), 0u);
}

TEST(night_comparison, the_load_of_the_host_is_no_part_of_the_fingerprint) {
    EXPECT_EQ(fingerprint(cell("x", "passed")),
              fingerprint(with(cell("x", "passed"), {{"fingerprint", {{"cpu", "rv64"}}}})));
    EXPECT_NE(fingerprint(cell("x", "passed")),
              fingerprint(with(cell("x", "passed"), {{"scenario", {{"digest", "e"}}}})));
}

TEST(night_comparison, tells_what_differs_between_vector_lengths) {
    const auto steps = [](const char* outcome) {
        return json{{"steps", {{{"name", "fft"}, {"outcome", outcome}}}}};
    };
    const auto one =
        night("a", {with(cell("s rv64,v=true,vlen=128 smp=1", "passed"), steps("passed")),
                    with(cell("s rv64,v=true,vlen=512 smp=1", "failed"), steps("failed")),
                    with(cell("s rv64,v=true,vlen=128 smp=2", "passed"), steps("passed"))});
    const auto result = compare_nights(one, one, no_past());
    ASSERT_EQ(result["vector_lengths"].size(), 2u);
    EXPECT_EQ(result["vector_lengths"][1],
              (json{{"cell", "s rv64,v=true,vlen=* smp=1"},
                    {"what", "step fft"},
                    {"results", {{"128", "passed"}, {"512", "failed"}}}}));
}

TEST(night_comparison, text_from_guests_stays_harmless) {
    const json oops = {{"failures", {{{"kind", "oops"}, {"title", "Oops \x1b[2J"}}}}};
    const auto result =
        compare_nights(night("a", {}), night("b", {with(cell("x", "failed"), oops)}), no_past());
    EXPECT_THAT(comparison_text(result), testing::Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace qh
