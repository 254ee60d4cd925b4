// Turns among processes.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>

#include "base/files.hpp"

namespace qh {

/// Holds a lock file (flock(2)) for its lifetime, so that processes take turns. Calls `waiting`
/// once if another one holds it. Throws an interrupted error once `stop` is true.
unique_fd lock_file(const std::filesystem::path& file, const std::function<void()>& waiting,
                    const std::atomic<bool>* stop);

}  // namespace qh
