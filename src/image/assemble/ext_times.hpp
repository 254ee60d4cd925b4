// The times in a filesystem made by mke2fs that tell when it was made.
#pragma once

#include <ctime>
#include <filesystem>

namespace qh {

/// Gives every inode of the ext4 filesystem in `raw` the change and access time `time`: mke2fs
/// takes them from the files that it copies, whose change time nobody can set and whose access time
/// its own reading moves. Throws an infrastructure error.
void set_volatile_times(const std::filesystem::path& raw, std::time_t time);

}  // namespace qh
