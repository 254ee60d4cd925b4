#include "run/judge/measurements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qh {
namespace {

using testing::HasSubstr;

measurement_source json_lines() {
    measurement_source source;
    source.json_lines = true;
    return source;
}

measurement_source repeated(unsigned warmup, unsigned repeats) {
    measurement_source source;
    source.name = "speed";
    source.value = "{{x}}";
    source.unit = "GFLOP/s";
    source.warmup = warmup;
    source.repeats = repeats;
    return source;
}

/// Adds runs that measured these values.
measurement_series series_of(const measurement_source& source,
                             const std::vector<std::string>& values) {
    measurement_series series;
    for (const auto& value : values)
        EXPECT_EQ(series.add(source, "", [&](std::string_view) { return value; }), "");
    return series;
}

const name_lookup nothing = [](std::string_view) { return std::nullopt; };

TEST(measurement_series, one_run_is_its_value) {
    const auto results = series_of(repeated(0, 1), {"2.5e3"}).results(repeated(0, 1));
    ASSERT_EQ(results.size(), 1u);
    EXPECT_EQ(dump(results[0]),
              R"({"name":"speed","samples":[2500.0],"unit":"GFLOP/s","value":2500.0})");
}

TEST(measurement_series, leaves_warm_up_out_and_tells_the_median_with_its_quartiles) {
    const auto source = repeated(1, 4);
    auto series = series_of(source, {"99", "1", "4", "2"});
    EXPECT_FALSE(series.complete(source));
    EXPECT_EQ(series.add(source, "", [](std::string_view) { return "3"; }), "");
    EXPECT_TRUE(series.complete(source));
    const auto result = series.results(source).at(0);
    EXPECT_EQ(result["value"], 2.5);
    EXPECT_EQ(result["q25"], 1.75);
    EXPECT_EQ(result["q75"], 3.25);
    EXPECT_EQ(dump(result["samples"]), "[1.0,4.0,2.0,3.0]");
    EXPECT_EQ(result["warmup"], 1);
}

TEST(measurement_series, takes_each_json_line_that_is_a_measurement) {
    measurement_series series;
    EXPECT_EQ(
        series.add(json_lines(),
                   "words\n"
                   "  {\"name\": \"a\", \"value\": 1.5, \"unit\": \"s\", \"samples\": [1, 2]}\r\n"
                   "{\"name\": \"b\", \"value\": \"2\"}\n"
                   "{\"name\": \"c\", \"value\": 3}\n"
                   "{broken\n[1]\n",
                   nothing),
        "");
    const auto results = series.results(json_lines());
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[0]["samples"].size(), 2u) << "the guest's own samples stay";
    EXPECT_EQ(results[1]["name"], "c");
    EXPECT_THAT(series.add(json_lines(), "{}", nothing), HasSubstr("no measurement"));
}

TEST(measurement_series, holds_values_against_limits) {
    const struct {
        std::optional<double> at_least, at_most;
        const char* broken;
    } cases[] = {
        {{}, {}, ""},
        {2, 2, ""},
        {2.5, {}, "speed is 2 GFLOP/s, less than the 2.5 asked for"},
        {{}, 1, "speed is 2 GFLOP/s, more than the 1 allowed"},
    };
    for (const auto& c : cases) {
        auto source = repeated(0, 3);
        source.limits["speed"] = {c.at_least, c.at_most};
        EXPECT_EQ(series_of(source, {"1", "2", "9"}).broken_limit(source), c.broken);
    }
    auto source = json_lines();
    source.limits["absent"] = {1, {}};
    EXPECT_THAT(measurement_series().broken_limit(source), HasSubstr("absent, which was not"));
}

}  // namespace
}  // namespace qh
