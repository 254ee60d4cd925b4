// What a bare log tells, from the command line.
#pragma once

#include <filesystem>

#include "cli/replay/replay_record.hpp"

namespace qh {

/// Prints what the console's log in `file` says; returns the exit code.
int replay_log(const std::filesystem::path& file, const replay_options& options);

}  // namespace qh
