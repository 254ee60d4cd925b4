#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "process/tool.hpp"

namespace qh {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

tool_command shell(const std::string& script) {
    tool_command command;
    command.argv = {"sh", "-c", script};
    command.package = "dash";
    return command;
}

std::string problem_of(const tool_command& command, fault expected = fault::infrastructure) {
    try {
        run_tool(command);
    } catch (const error& e) {
        EXPECT_EQ(e.kind(), expected);
        return e.what();
    }
    return "no error";
}

TEST(Tool, ReturnsOutputWithoutErrors) {
    EXPECT_EQ(run_tool(shell("echo out; echo err >&2; read x || echo no input")),
              "out\nno input\n");
}

TEST(Tool, ReadsAFileWhereOneIsGiven) {
    auto command = shell("cat");
    command.input = "/proc/sys/kernel/ostype";
    EXPECT_EQ(run_tool(command), "Linux\n");
}

TEST(Tool, CallsNoProgramThatDoctorWouldNotKnow) {
    tool_command command;
    command.argv = {"sh", "-c", ":"};
    EXPECT_THAT(problem_of(command, fault::internal), HasSubstr("sh is called"));
}

TEST(Tool, AddsToTheEnvironmentAndChoosesTheFolder) {
    auto command = shell("echo $LC_ALL $Q $HOME; pwd");
    command.environment = {{"Q", "one two"}, {"HOME", "/nowhere"}};
    command.working_directory = "/usr";
    EXPECT_EQ(run_tool(command), "C one two /nowhere\n/usr\n");
}

TEST(Tool, ReportsLinesAsTheyCome) {
    std::vector<std::string> lines;
    auto command = shell("printf 'a\\nb\\nlast'");
    command.on_line = [&](std::string_view line) { lines.emplace_back(line); };
    run_tool(command);
    EXPECT_THAT(lines, ElementsAre("a", "b", "last"));
}

TEST(Tool, AFailureTellsCommandStatusAndLastLines) {
    EXPECT_THAT(problem_of(shell("echo fine; echo 'no \x1b[31mspace' >&2; exit 3")),
                AllOf(HasSubstr("sh -c"), HasSubstr("status 3"), HasSubstr("no \\x1b[31mspace")));
    EXPECT_THAT(problem_of(shell("kill -9 $$")), HasSubstr("signal 9"));
}

TEST(Tool, OnlyAStatusOfItsOwnIsTheProgramSAnswer) {
    try {
        run_tool(shell("echo no >&2; exit 1"));
        FAIL();
    } catch (const tool_failure& e) {
        EXPECT_EQ(e.words(), "no");
    }
    auto endless = shell("exec sleep 100");
    endless.timeout = std::chrono::milliseconds(100);
    for (const auto& command : {shell("kill -9 $$"), endless}) {
        try {
            run_tool(command);
            FAIL();
        } catch (const tool_failure&) {
            FAIL() << command.argv.back();
        } catch (const error&) {
        }
    }
}

TEST(Tool, AMissingProgramComesWithItsRemedy) {
    tool_command command;
    command.argv = {"no-such-program"};
    command.package = "some-package";
    EXPECT_THAT(problem_of(command), HasSubstr("apt-get install some-package"));
}

TEST(Tool, ATimeoutOrAStopEndsIt) {
    auto command = shell("exec sleep 100");
    command.timeout = Duration(1);
    EXPECT_THAT(problem_of(command), HasSubstr("did not end within"));
    const std::atomic<bool> stop = true;
    command.timeout = std::chrono::minutes(1);
    command.stop = &stop;
    problem_of(command, fault::interrupted);
}

TEST(Tool, EndlessOutputIsCutOff) {
    EXPECT_THAT(problem_of(shell("exec yes")), HasSubstr("16 MiB"));
}

}  // namespace
}  // namespace qh
