// The main job: PyTorch in a Debian guest in the real QEMU.
#include <gmock/gmock.h>

#include "harness_test.hpp"
#include "test_paths.hpp"

namespace qh::integration {
namespace {

/// The result of a scenario that must pass.
json passed(const std::string& scenario) {
    const std::filesystem::path records = TORCH_RUNS;
    std::filesystem::create_directories(records);
    const auto end =
        run_program({QHARNESS_PROGRAM, "run", scenario, "--out", records.string(), "--json"},
                    records, {}, std::chrono::minutes(55));
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    auto result = parse_json(end.output)["runs"][0];
    EXPECT_EQ(result["outcome"], "passed");
    return result;
}

/// The names of the sub-results that failed, of all steps.
std::vector<std::string> failed_results(const json& result) {
    std::vector<std::string> names;
    for (const auto& step : result["steps"])
        for (const auto& one : step.value("results", json::array()))
            if (one["outcome"] == "failed") names.push_back(one["name"]);
    return names;
}

/// How many sub-results of all steps ended in this way.
std::size_t count_results(const json& result, const std::string& outcome) {
    std::size_t count = 0;
    for (const auto& step : result["steps"])
        for (const auto& one : step.value("results", json::array()))
            count += one["outcome"] == outcome;
    return count;
}

TEST(pytorch, smoke_passes_and_tells_the_versions) {
    const auto result = passed(SCENARIOS "/pytorch_smoke.json");
    const std::filesystem::path records = TORCH_RUNS;
    EXPECT_THAT(result["captures"]["torch_version"].get<std::string>(),
                testing::MatchesRegex("[0-9]+\\.[0-9]+.*"));
    write_file_atomically(records / "last_result.json", dump(result, 2) + "\n");
}

// What Debian's torch 2.6.0 is known to get wrong (the scenario's "known_wrong") is told as
// skipped; whatever else differs fails.
TEST(pytorch, operators_agree_with_numpy) {
    const auto result = passed(SCENARIOS "/torch_ops.json");
    EXPECT_GE(count_results(result, "passed"), 390u);
    EXPECT_THAT(failed_results(result), testing::IsEmpty());
}

TEST(pytorch, numpy_agrees_with_known_values) {
    const auto result = passed(SCENARIOS "/numpy_check.json");
    EXPECT_GE(count_results(result, "passed"), 145u);
    EXPECT_THAT(failed_results(result), testing::IsEmpty());
}

}  // namespace
}  // namespace qh::integration
