#include "process/tool_path.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace qh {
namespace {

TEST(ToolPath, TakesANameWithASlashAsItIs) {
    EXPECT_EQ(find_tool("./no/such"), "./no/such");
}

TEST(ToolPath, LooksBeyondPathForWhatRootUses) {
    const std::string before = ::getenv("PATH");
    ::setenv("PATH", "/nowhere", 1);
    const auto found = find_tool("ldconfig");
    ::setenv("PATH", before.c_str(), 1);
    EXPECT_EQ(found.filename(), "ldconfig");
}

TEST(ToolPath, SkipsAFolderOfTheProgramSName) {
    const std::string before = ::getenv("PATH");
    ::setenv("PATH", "/:/usr/bin:/bin", 1);
    const auto found = find_tool("usr");
    ::setenv("PATH", before.c_str(), 1);
    EXPECT_EQ(found, "");
}

TEST(ToolPath, KnowsThePackageOfARequiredProgramThatIsMissing) {
    const std::string before = ::getenv("PATH");
    ::setenv("PATH", "/nowhere", 1);
    std::string told;
    try {
        require_tool("sbatch");
    } catch (const error& e) {
        told = e.what();
    }
    ::setenv("PATH", before.c_str(), 1);
    EXPECT_EQ(told, "sbatch is not installed; install it with: apt-get install slurm-client");
}

TEST(ToolPath, RequiresNoProgramThatIsInNoList) {
    try {
        require_tool("sh");
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.kind(), fault::internal);
    }
}

}  // namespace
}  // namespace qh
