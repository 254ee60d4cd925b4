#include "process/cpu_usage.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "support/temporary_folder.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;
using state = process_state;

std::string stat(char process_state, int user_ticks, int system_ticks) {
    return fmt::format("42 (a) R (b) {} 1 2 3 0 -1 4194304 10 20 30 40 {} {} 7 8 20 0 3 0 99\n",
                       process_state, user_ticks, system_ticks);
}

const long ticks_per_second = ::sysconf(_SC_CLK_TCK);

class cpu_usage : public test::in_temporary_folder {};

TEST_F(cpu_usage, reads_state_and_times) {
    const struct {
        char letter;
        state what;
    } cases[] = {{'R', state::running}, {'S', state::running}, {'D', state::running},
                 {'T', state::stopped}, {'t', state::stopped}, {'Z', state::gone},
                 {'X', state::gone}};
    for (const auto& c : cases) {
        write("stat", stat(c.letter, static_cast<int>(ticks_per_second), 0));
        EXPECT_EQ(read_usage(folder()).state, c.what) << c.letter;
        EXPECT_EQ(read_usage(folder()).cpu_time, 1s);
    }
}

TEST_F(cpu_usage, reads_each_threads_schedstat) {
    write("stat", stat('S', 0, 0));
    write("task/42/schedstat", "5000000000 3000000 17\n");
    write("task/43/schedstat", "1 2 3\n");
    auto usage = read_usage(folder());
    std::ranges::sort(usage.threads, {}, &thread_usage::id);
    EXPECT_TRUE(usage.knows_waits);
    ASSERT_EQ(usage.threads.size(), 2u);
    EXPECT_EQ(usage.threads[0].id, 42);
    EXPECT_EQ(usage.threads[0].ran, 5s);
    EXPECT_EQ(usage.threads[0].waited, 3ms);
    EXPECT_EQ(usage.threads[1].waited, 2ns);
}

TEST_F(cpu_usage, reads_what_the_hypervisor_took_from_the_host) {
    write("process/stat", stat('S', 0, 0));
    write("stat", "cpu  100 200 300 9000 50 10 20 400 0 0\ncpu0 1 2 3\n");
    const auto host = read_usage(folder() / "process").host;
    EXPECT_EQ(host.busy, 630 * (1'000'000'000ns / ticks_per_second));
    EXPECT_EQ(host.stolen, 400 * (1'000'000'000ns / ticks_per_second));
}

TEST_F(cpu_usage, takes_the_threads_stat_where_the_kernel_does_not_count_waits) {
    for (const auto* schedstat : {"", "0 0 0\n"}) {
        write("stat", stat('S', 0, 0));
        write("task/42/schedstat", schedstat);
        write("task/42/stat", stat('S', 0, static_cast<int>(3 * ticks_per_second)));
        const auto usage = read_usage(folder());
        EXPECT_FALSE(usage.knows_waits);
        ASSERT_EQ(usage.threads.size(), 1u);
        EXPECT_EQ(usage.threads[0].ran, 3s);
        EXPECT_EQ(usage.threads[0].waited, 0s);
    }
}

TEST_F(cpu_usage, calls_gone_what_cannot_be_read) {
    EXPECT_EQ(read_usage(folder() / "none").state, state::gone);
    EXPECT_TRUE(read_usage(folder() / "none").threads.empty());
    write("stat", "nonsense");
    EXPECT_EQ(read_usage(folder()).state, state::gone);
}

TEST_F(cpu_usage, sees_a_real_process_run_stop_and_end) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        for (;;) ::pause();
    }
    ASSERT_GT(pid, 0);
    const auto usage = [pid] { return read_usage(fmt::format("/proc/{}", pid)); };
    EXPECT_EQ(usage().state, state::running);
    EXPECT_EQ(usage().threads.size(), 1u);
    siginfo_t info{};
    ::kill(pid, SIGSTOP);
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED);
    EXPECT_EQ(usage().state, state::stopped);
    ::kill(pid, SIGKILL);
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
    EXPECT_EQ(usage().state, state::gone);
    ::waitpid(pid, nullptr, 0);
    EXPECT_EQ(usage().state, state::gone);
}

}  // namespace
}  // namespace qh
