#include "process/cpu_usage.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <sstream>
#include <string>
#include <system_error>

namespace qh {

namespace fs = std::filesystem;
using std::chrono::nanoseconds;

namespace {

/// Files of /proc come whole with one read; empty where there is none (any more).
std::string read_proc(const fs::path& path) {
    std::array<char, 1024> buffer;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return {};
    const auto got = ::read(fd, buffer.data(), buffer.size());
    ::close(fd);
    return {buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
}

struct process_stat {
    char state = 'X';
    nanoseconds cpu_time{0};
};

/// Fields 3, 14 and 15 of proc(5)'s stat. The name before them may hold anything, ")" too.
process_stat parse_stat(const std::string& line) {
    process_stat result;
    const auto after_name = line.rfind(')');
    if (after_name == std::string::npos) return result;
    std::istringstream fields(line.substr(after_name + 1));
    std::string skipped;
    long long user = 0, system = 0;
    fields >> result.state;
    for (int field = 4; field < 14; ++field) fields >> skipped;
    fields >> user >> system;
    result.cpu_time = nanoseconds((user + system) * 1'000'000'000 / ::sysconf(_SC_CLK_TCK));
    return result;
}

/// The line "cpu" of the host's stat: user, nice, system, idle, iowait, irq, softirq, steal.
host_cpu_time parse_host_stat(const std::string& text) {
    std::istringstream fields(text);
    std::string name;
    long long user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
    fields >> name >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal;
    if (!fields || name != "cpu") return {};
    const auto time = [](long long ticks) {
        return nanoseconds(ticks * (1'000'000'000 / ::sysconf(_SC_CLK_TCK)));
    };
    return {time(user + nice + system + irq + softirq), time(steal)};
}

/// Takes over "RAN WAITED SLICES"; false where the kernel does not count.
bool parse_schedstat(const std::string& line, thread_usage& thread) {
    std::istringstream fields(line);
    long long ran = 0, waited = 0, slices = 0;
    fields >> ran >> waited >> slices;
    if (slices == 0) return false;
    thread.ran = nanoseconds(ran);
    thread.waited = nanoseconds(waited);
    return true;
}

}  // namespace

process_usage read_usage(const fs::path& process_folder) {
    const auto stat = parse_stat(read_proc(process_folder / "stat"));
    process_usage usage;
    usage.cpu_time = std::chrono::duration_cast<Duration>(stat.cpu_time);
    usage.state = stat.state == 'T' || stat.state == 't'   ? process_state::stopped
                  : stat.state == 'Z' || stat.state == 'X' ? process_state::gone
                                                           : process_state::running;
    std::error_code unreadable;
    for (fs::directory_iterator entry(process_folder / "task", unreadable), end;
         !unreadable && entry != end; entry.increment(unreadable)) {
        const auto name = entry->path().filename().string();
        thread_usage thread;
        std::from_chars(name.data(), name.data() + name.size(), thread.id);
        if (parse_schedstat(read_proc(entry->path() / "schedstat"), thread))
            usage.knows_waits = true;
        else
            thread.ran = parse_stat(read_proc(entry->path() / "stat")).cpu_time;
        usage.threads.push_back(thread);
    }
    usage.host = parse_host_stat(read_proc(process_folder.parent_path() / "stat"));
    return usage;
}

std::chrono::microseconds own_cpu_time() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto time = [](const timeval& t) {
        return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
    };
    return time(usage.ru_utime) + time(usage.ru_stime);
}

}  // namespace qh
