// A guest's memory and devices in a file, and back (QEMU documentation, "Migration", mapped-ram).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>

#include "machine/qmp_calls.hpp"

namespace qh {

/// The oldest QEMU that saves to a file that is as large as the memory in use.
inline constexpr qemu_version oldest_saving_qemu{9, 0, 0};

/// QEMU's virt machine does not save its harts' timers before this: see rearm_timers.
inline constexpr qemu_version oldest_timer_saving_qemu{10, 2, 0};

/// Stops the guest and writes its memory and devices to `file`; on return the disks may be
/// copied, and the guest goes on with QMP's cont. Throws an infrastructure error with QEMU's words,
/// also where this QEMU or this CPU could not be restored.
boost::asio::awaitable<void> save_state(qmp_calls& qemu, qemu_version version,
                                        std::filesystem::path file);

/// Fills a machine that was started with -incoming defer and -S, and has not run. Throws an
/// infrastructure error with QEMU's words.
boost::asio::awaitable<void> restore_state(qmp_calls& qemu, std::filesystem::path file);

}  // namespace qh
