// What a process has had of the host's CPUs, thread by thread, and whether it still can run.
#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "base/enum_names.hpp"
#include "base/units.hpp"

namespace qh {

/// One thread, since it began.
struct thread_usage {
    int id = 0;
    std::chrono::nanoseconds ran{0};
    /// Time it could have run and no CPU was free; 0 where the kernel does not tell.
    std::chrono::nanoseconds waited{0};
};

/// What all CPUs of this host have done since it began.
struct host_cpu_time {
    std::chrono::nanoseconds busy{0};
    /// Time in which they had work and the hypervisor ran others' machines (steal); only where this
    /// host is a virtual machine.
    std::chrono::nanoseconds stolen{0};
};

enum class process_state {
    running,  ///< or asleep: it can go on by itself
    stopped,  ///< by SIGSTOP or a debugger
    gone,     ///< a zombie, or no process any more
};
BOOST_DESCRIBE_ENUM(process_state, running, stopped, gone)

struct process_usage {
    process_state state = process_state::gone;
    Duration cpu_time{0};      ///< user and system time, of threads that have ended too
    bool knows_waits = false;  ///< whether the kernel tells the threads' `waited`
    std::vector<thread_usage> threads;
    host_cpu_time host = {};
};

/// Reads the folder of a process in /proc: stat (proc(5)), and for each thread schedstat (the
/// kernel's Documentation/scheduler/sched-stats.rst), or its stat where the kernel has no
/// schedstat; and the host's own stat beside it. What cannot be read counts as gone.
process_usage read_usage(const std::filesystem::path& process_folder);

/// What this process itself has had, user and system time.
std::chrono::microseconds own_cpu_time();

}  // namespace qh
