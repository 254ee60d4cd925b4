#include "image/progress/build_options.hpp"

#include <algorithm>
#include <thread>

#include "base/error.hpp"

namespace qh {

void throw_if_stopped(const build_options& options) {
    if (options.stop && options.stop->load()) throw error(fault::interrupted, "interrupted");
}

unsigned job_count(const build_options& options) {
    return options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace qh
