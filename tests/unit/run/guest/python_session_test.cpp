#include "run/guest/python_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/shell_fixture.hpp"

namespace qh {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using language = enum shell_request::language;

class python_session_on : public test::each_shell {
  protected:
    void SetUp() override {
        if (test::program_in_path("python3").empty()) GTEST_SKIP() << "python3 is not installed";
        each_shell::SetUp();
    }
};

TEST_P(python_session_on, keeps_state_across_snippets) {
    EXPECT_EQ(python("import os\nx = [1]\npid = os.getpid()").status, 0);
    EXPECT_EQ(python("x.append(2)\nprint(x, pid == os.getpid())").output, "[1, 2] True\n");
    EXPECT_EQ(run("echo shell").output, "shell\n");
    EXPECT_EQ(python("print(len(x), __name__)").output, "2 __main__\n");
}

TEST_P(python_session_on, shows_an_exception_with_its_source_line) {
    const auto result = python("def broken():\n    return 1 / 0  # here\n\nbroken()\n");
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.output, HasSubstr("line 2, in broken"));
    EXPECT_THAT(result.output, HasSubstr("return 1 / 0"));
    EXPECT_THAT(result.output, EndsWith("ZeroDivisionError: division by zero\n"));
    const auto syntax = python("print('a'\n");
    EXPECT_EQ(syntax.status, 1);
    EXPECT_THAT(syntax.output, HasSubstr("SyntaxError"));
    EXPECT_EQ(python("print('alive')").output, "alive\n");
}

TEST_P(python_session_on, gives_the_status_of_system_exit) {
    const struct {
        const char* code;
        int status;
        const char* output;
    } cases[] = {
        {"raise SystemExit(5)", 5, ""},
        {"raise SystemExit", 0, ""},
        {"import sys; sys.exit(0)", 0, ""},
        {"import sys; sys.exit(True)", 1, ""},
        {"import sys; sys.exit(-1)", 255, ""},
        {"raise SystemExit('the reason')", 1, "the reason\n"},
        {"raise SystemExit('')", 1, "\n"},
        {"raise KeyboardInterrupt", 1, nullptr},
    };
    for (const auto& c : cases) {
        const auto result = python(c.code);
        EXPECT_EQ(result.status, c.status) << c.code;
        if (c.output) {
            EXPECT_EQ(result.output, c.output) << c.code;
        }
    }
}

TEST_P(python_session_on, lets_inspect_and_pickle_find_what_snippets_define) {
    EXPECT_EQ(python("import inspect, pickle\n"
                     "def f(a):\n    return a + 1  # said so\n"
                     "class C:\n    kept = 7\n"
                     "print(inspect.getsource(f), end='')\n"
                     "print(inspect.getsource(C), end='')")
                  .output,
              "def f(a):\n    return a + 1  # said so\nclass C:\n    kept = 7\n");
    EXPECT_EQ(
        python("print(pickle.loads(pickle.dumps(C())).kept, inspect.getsource(f)[:3])").output,
        "7 def\n");
}

TEST_P(python_session_on, starts_anew_after_a_deadly_signal) {
    python("x = 1");
    const auto died = python("import os; print('last words', flush=True); os.kill(os.getpid(), 4)");
    EXPECT_EQ(died.status, 132);
    EXPECT_THAT(died.output, StartsWith("last words\n"));
    const auto after = python("print('x' in globals())");
    EXPECT_EQ(after.output, "False\n");
    EXPECT_EQ(after.status, 0);
}

TEST_P(python_session_on, starts_anew_after_an_exit_behind_its_back) {
    const auto zero = python("import os; os._exit(0)");
    EXPECT_EQ(zero.status, 0);
    EXPECT_EQ(zero.problem, "");
    EXPECT_EQ(python("import os; os._exit(9)").status, 9);
    EXPECT_EQ(run("echo quiet").output, "quiet\n") << "no shell announces the end of a job";
    EXPECT_EQ(python("print('new')").output, "new\n");
}

TEST_P(python_session_on, is_interrupted_and_starts_anew) {
    ASSERT_TRUE(begin(language::python, "print('@star' + 'ted@', flush=True)\nwhile True: pass"));
    shell_.interrupt(std::chrono::steady_clock::now());
    EXPECT_EQ(python("print('x')").output, "x\n");
    EXPECT_EQ(run("echo ok").output, "ok\n");
}

TEST_P(python_session_on, can_raise_keyboard_interrupt_on_itself) {
    EXPECT_EQ(python("import os, signal\n"
                     "try:\n    os.kill(os.getpid(), signal.SIGINT)\n"
                     "except KeyboardInterrupt:\n    print('caught')")
                  .output,
              "caught\n");
}

TEST_P(python_session_on, gives_a_snippet_no_input) {
    const auto result = python(
        "import subprocess, sys\n"
        "print(repr(sys.stdin.read()), subprocess.run(['cat']).returncode)\n"
        "input()");
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.output, StartsWith("'' 0\n"));
    EXPECT_THAT(result.output, HasSubstr("EOFError"));
    EXPECT_EQ(python("print('next')").output, "next\n");
}

TEST_P(python_session_on, gives_the_output_byte_for_byte) {
    EXPECT_EQ(
        python(
            "import sys; sys.stdout.buffer.write(bytes(range(256))); print('e', file=sys.stderr)")
            .output.size(),
        258u);
    EXPECT_EQ(python("").output, "");
    EXPECT_EQ(python("print('caf\xc3\xa9 \\'quoted\\' $HOME `x`')").output,
              "caf\xc3\xa9 'quoted' $HOME `x`\n");
}

INSTANTIATE_TEST_SUITE_P(shells, python_session_on, testing::ValuesIn(test::shells()),
                         test::name_of_shell);

class no_python : public test::shell_fixture,
                  public testing::WithParamInterface<test::shell_choice> {};

TEST_P(no_python, is_reported_and_does_no_harm) {
    // Just the tools that starting an interpreter needs.
    std::filesystem::create_directory(folder() / "bin");
    for (const char* tool : {"mktemp", "mkfifo", "stty", "printf", "sh"}) {
        const auto program = test::program_in_path(tool);
        if (!program.empty()) std::filesystem::create_symlink(program, folder() / "bin" / tool);
    }
    if (!start(GetParam(), {"PATH=" + (folder() / "bin").string()}))
        GTEST_SKIP() << GetParam().argv[0] << " is not installed";
    const auto result = python("print(1)");
    EXPECT_NE(result.status, 0);
    EXPECT_THAT(result.output, StartsWith("python3 did not start in the guest"));
    EXPECT_THAT(result.output, HasSubstr("not found"));
    EXPECT_EQ(run("echo ok").output, "ok\n");
}

INSTANTIATE_TEST_SUITE_P(shells, no_python, testing::ValuesIn(test::shells()), test::name_of_shell);

}  // namespace
}  // namespace qh
