// The main job: PyTorch in a Debian guest in the real QEMU.
#include <gmock/gmock.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

/// A scenario's run, which is judged.
program_end run_scenario(const std::string& scenario) {
    const std::filesystem::path records = TORCH_RUNS;
    std::filesystem::create_directories(records);
    return run_program({QHARNESS_PROGRAM, "run", scenario, "--out", records.string(), "--json"},
                       records, {}, std::chrono::minutes(55));
}

/// The result of a scenario that must pass.
json passed(const std::string& scenario) {
    const auto end = run_scenario(scenario);
    EXPECT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    auto result = json::parse(end.output)["runs"][0];
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

// Debian's torch 2.6.0 with its OpenBLAS gives a wrong vdot of complex128 on riscv64; whatever else
// differs is new.
TEST(pytorch, operators_agree_with_numpy_but_for_the_complex_vdot) {
    const auto end = run_scenario(SCENARIOS "/torch_ops.json");
    const auto result = json::parse(end.output)["runs"][0];
    EXPECT_GE(count_results(result, "passed"), 390u) << end.errors;
    EXPECT_THAT(failed_results(result),
                testing::AnyOf(testing::IsEmpty(), testing::ElementsAre("matmul/vdot complex")));
    EXPECT_EQ(end.status, (exit_status{false, failed_results(result).empty() ? 0 : 1}));
}

TEST(pytorch, numpy_agrees_with_known_values) {
    const auto result = passed(SCENARIOS "/numpy_check.json");
    EXPECT_GE(count_results(result, "passed"), 145u);
    EXPECT_EQ(count_results(result, "failed"), 0u);
}

}  // namespace
}  // namespace qh::integration
