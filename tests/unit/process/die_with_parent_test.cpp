#include "process/die_with_parent.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2/process.hpp>

namespace qh {
namespace {

namespace process = boost::process::v2;

/// The status of `true`, started with the hook.
int status_with(die_with_parent hook) {
    boost::asio::io_context context;
    return process::process(context, "/bin/true", {}, hook).wait();
}

TEST(DieWithParent, LetsAChildOfALivingParentStart) {
    EXPECT_EQ(status_with({}), 0);
}

TEST(DieWithParent, EndsAChildWhoseParentHasGoneAlready) {
    EXPECT_EQ(status_with({.parent = ::getppid()}), 127);
}

TEST(DieWithParent, HasTheKernelKillTheChildOfAParentThatEnds) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        const pid_t child = ::fork();
        if (child == 0) {
            process::posix::default_launcher launcher;
            if (die_with_parent{.parent = ::getppid()}.on_exec_setup(launcher, {}, nullptr))
                ::_exit(1);
            ::close(ends[0]);
            // The parent goes on, and ends, once the signal is asked for.
            [[maybe_unused]] const auto told = ::write(ends[1], "r", 1);
            for (;;) ::pause();
        }
        char ready = 0;
        ::_exit(::read(ends[0], &ready, 1) == 1 ? 0 : 1);
    }
    ::close(ends[1]);
    int status = 1;
    ASSERT_EQ(::waitpid(parent, &status, 0), parent);
    EXPECT_EQ(status, 0);
    // The end of the file: nobody holds the writing end any more.
    char left = 0;
    EXPECT_EQ(::read(ends[0], &left, 1), 0);
    ::close(ends[0]);
}

}  // namespace
}  // namespace qh
