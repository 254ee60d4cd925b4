// A recorded guest once more on QEMU, instruction by instruction.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "replay/recording.hpp"

namespace qh {

/// Where the console of the guest that ran again first differs from the recorded one.
struct console_difference {
    std::uint64_t at_byte;
    std::string recorded, got;  ///< the bytes from there on, some of them; hostile
};

struct machine_replay_outcome {
    std::uint64_t console_bytes = 0;  ///< that were the same
    std::optional<console_difference> difference;
    std::optional<std::uint64_t> stopped_at;  ///< instructions executed; none: ran to its end
};

/// Instructions executed when `step` (a name, or a number from 1) began. Throws a usage error where
/// the recording has no such step, or does not know.
std::uint64_t position_of_step(const recording& recorded, const std::string& step);

struct machine_replay_options {
    std::optional<std::uint64_t> stop_at;  ///< instructions executed
    std::filesystem::path gdb_socket;      ///< for QEMU's gdb stub, where it is to stop
    /// The guest stands at `stop_at`; QEMU is kept until SIGINT or SIGTERM.
    std::function<void()> stopped;
    std::function<void(std::uint64_t instructions, double seconds)> progress;
};

/// Runs the guest of a `run --record` again. Throws a usage error where the run was not recorded so
/// or its files or QEMU's version are others now, and an infrastructure error where the recorder
/// was killed, or QEMU cannot start or stands still for half a minute.
machine_replay_outcome replay_machine(const recording& recorded,
                                      const machine_replay_options& options);

}  // namespace qh
