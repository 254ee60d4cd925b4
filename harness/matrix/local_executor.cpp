#include "matrix/local_executor.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <thread>

#include "matrix/attempt_process.hpp"

namespace qh {

namespace asio = boost::asio;

namespace {

/// Memory that guests can have, in bytes; without limit where the host does not tell.
std::uint64_t available_memory_bytes() {
    std::ifstream file("/proc/meminfo");
    std::string key;
    for (std::uint64_t kib = 0; file >> key >> kib; file.ignore(1000, '\n'))
        if (key == "MemAvailable:") return kib * 1024;
    return UINT64_MAX;
}

}  // namespace

local_executor::local_executor(asio::any_io_executor executor) : executor_(std::move(executor)) {}

asio::awaitable<cell_attempt> local_executor::run(attempt_order order) {
    auto argv = order.argv;
    argv.insert(argv.end(), {"--out", order.folder.string()});
    attempt_process process(executor_, std::move(argv), order.folder, order.log, order.longest);
    running_.insert(&process);
    auto result = co_await process.run();
    running_.erase(&process);
    co_return result;
}

void local_executor::interrupt() {
    for (auto* const process : running_) process->interrupt();
}

void local_executor::kill() {
    for (auto* const process : running_) process->kill();
}

std::size_t host_cores() {
    return std::max(1u, std::thread::hardware_concurrency());
}

scheduler_limits local_night_executor::limits(std::size_t jobs) const {
    scheduler_limits limits;
    limits.jobs = jobs == 0 ? host_cores() : jobs;
    limits.harts = static_cast<unsigned>(std::max(host_cores(), limits.jobs));
    limits.memory_bytes = available_memory_bytes();
    return limits;
}

std::unique_ptr<attempt_executor> local_night_executor::begin(asio::any_io_executor executor,
                                                              night_directory&,
                                                              message_sink) const {
    return std::make_unique<local_executor>(std::move(executor));
}

}  // namespace qh
