// Replays of a run directory, from the command line.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace qh {

struct replay_options {
    std::string what;      ///< run directory or log
    std::string scenario;  ///< to be tried instead; empty: the one that was run
    std::map<std::string, std::string> settings;  ///< of that scenario's parameters
    std::string until;                            ///< the step to stop behind; empty: none
    bool print_json = false, verbose = false;
    bool machine = false;  ///< on QEMU, which `run --record` has recorded
};

/// Prints what the replay of the run in `folder` says; returns the exit code.
int replay_record(const std::filesystem::path& folder, const replay_options& options);

}  // namespace qh
