// The main job: PyTorch in a Debian guest in the real QEMU.
#include <gmock/gmock.h>

#include "harness_test.hpp"

namespace qh::integration {
namespace {

TEST(pytorch, smoke_passes_and_tells_the_versions) {
    const std::filesystem::path records = TORCH_RUNS;
    std::filesystem::create_directories(records);
    const auto end = run_program({QHARNESS_PROGRAM, "run", SCENARIOS "/pytorch_smoke.json", "--out",
                                  records.string(), "--json"},
                                 records, {}, std::chrono::minutes(55));
    ASSERT_EQ(end.status, (exit_status{false, 0})) << end.errors;
    const auto result = json::parse(end.output)["runs"][0];
    EXPECT_EQ(result["outcome"], "passed");
    EXPECT_THAT(result["captures"]["torch_version"].get<std::string>(),
                testing::MatchesRegex("[0-9]+\\.[0-9]+.*"));
    write_file_atomically(records / "last_result.json", dump(result, 2) + "\n");
}

}  // namespace
}  // namespace qh::integration
