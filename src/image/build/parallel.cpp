#include "image/build/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "image/build/build_options.hpp"

namespace qh {

void parallel_for(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr first;
    const auto worker = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                work(i);
            } catch (...) {
                next = count;
                const std::lock_guard lock(mutex);
                if (!first) first = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        const std::size_t wanted = std::min<std::size_t>(std::max(jobs, 1u), count);
        for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(worker);
        worker();
    }
    if (first) std::rethrow_exception(first);
}

void throw_if_stopped(const build_options& options) {
    if (options.stop && options.stop->load()) throw error(fault::interrupted, "interrupted");
}

unsigned job_count(const build_options& options) {
    return options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace qh
