// `qharness replay RUN --machine`.
#pragma once

#include <filesystem>

#include "cli/replay/replay_record.hpp"

namespace qh {

/// The exit code: 0 where the guest's console is the recorded one, as far as it ran; else 1.
int replay_on_machine(const std::filesystem::path& folder, const replay_options& options);

}  // namespace qh
