#include "base/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace qh {

namespace fs = std::filesystem;

unique_fd lock_file(const fs::path& file, const std::function<void()>& waiting,
                    const std::atomic<bool>* stop) {
    make_folder(file.parent_path());
    unique_fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!fd) throw infrastructure_error("cannot open {}: {}", file.string(), system_message(errno));
    bool told = false;
    while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            throw infrastructure_error("cannot lock {}: {}", file.string(), system_message(errno));
        if (stop && stop->load()) throw error(fault::interrupted, "interrupted");
        if (!std::exchange(told, true)) waiting();
        // flock(2) has no deadline, and a blocking one could miss a stop that comes just before it.
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return fd;
}

}  // namespace qh
