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

TEST(ToolPath, ARequiredProgramThatIsMissingIsAnError) {
    EXPECT_THROW(require_tool("no-such-program", "some-package"), error);
}

}  // namespace
}  // namespace qh
