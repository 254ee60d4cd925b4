// What a caller may ask of an image build, and what it hears of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/units.hpp"

namespace qh {

/// How far a build is. Counts are 0 where the phase has none.
struct build_progress {
    std::string phase = {};   ///< "resolve", "download", "unpack", …; or "wait" for another build
    std::uint64_t done = 0;   ///< of `total`
    std::uint64_t total = 0;  ///< packages, files or steps
    std::uint64_t bytes = 0;  ///< size of what the phase handles
    bool finished = false;    ///< the phase has ended
    double seconds = 0;       ///< how long it took, once finished
    std::string warning = {};  ///< one line that a person should read; nothing else is set then
};

/// Runs the package scripts on a raw filesystem in a guest that is booted for it: has it run
/// /bin/sh on `guest_configure_script` there, as root in a chroot without a network, and remove
/// that file and `no_services_file`. Calls `on_configured` for each package that is done. Throws an
/// infrastructure error where not all went well.
using disk_configurer = std::function<void(const std::filesystem::path& raw_disk,
                                           const std::function<void()>& on_configured)>;

struct build_options {
    std::function<void(const build_progress&)> progress;  ///< called from one thread at a time
    const std::atomic<bool>* stop =
        nullptr;           ///< once true, the build ends with an interrupted error
    bool offline = false;  ///< use only package lists and packages downloaded before
    unsigned jobs = 0;     ///< threads; 0 means one for each core

    /// Where it is set, package scripts are left to it, and qemu-user is not used.
    disk_configurer configure_in_guest = {};

    /// Between tries to fetch package lists. A mirror's sync rarely takes longer.
    std::vector<Duration> fetch_pauses = {std::chrono::seconds(1), std::chrono::seconds(5),
                                          std::chrono::seconds(15), std::chrono::seconds(30)};
};

/// Throws an interrupted error once the caller has asked to stop.
void throw_if_stopped(const build_options& options);

/// Threads to use: `options.jobs`, or the number of cores.
unsigned job_count(const build_options& options);

}  // namespace qh
