// What machine to launch: everything that decides QEMU's command line.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "machine/machine_config.hpp"

namespace qh {

/// `kernel` is empty where the flash starts the machine, and `append` is the kernel's whole command
/// line.
struct machine_spec : machine_config {
    bool writes_drives = false;  ///< whether the guest's writes stay in the drives
    /// The machine's two flashes, firmware and its variables; none: neither. Never written to.
    std::vector<std::filesystem::path> flash;
    std::filesystem::path boot_disk;  ///< raw, for firmware to boot from; empty: none
    bool may_reboot = false;          ///< whether QEMU goes on when the guest resets
    /// Files that the guest sees as read-only disks after the drives, with these serials.
    std::vector<std::pair<std::string, std::filesystem::path>> files;
    bool channel = false;  ///< whether there is a second console, /dev/hvc1
    /// The saved state (saved_state.hpp) that the guest goes on from; empty: it boots.
    std::filesystem::path incoming;
    /// QEMU's record of what came to the guest from outside, instruction by instruction (QEMU
    /// documentation, "Record/replay"); empty: none. Only for one hart, and without a channel.
    std::filesystem::path instruction_log;
    bool replays_log = false;          ///< whether it is read, not written
    std::string rtc_base;              ///< the guest's time at its start then, as for -rtc
    std::filesystem::path gdb_socket;  ///< for QEMU's gdb stub to listen on; empty: none
    std::filesystem::path qmp_socket;  ///< for a person's own QMP connections; empty: none
};

/// Descriptors QEMU inherits: each one end of a socket pair.
struct machine_channels {
    int console;
    int qmp;
    int channel;   ///< not used where the machine has none
    int gdb = -1;  ///< for QEMU's gdb stub; only where the guest goes on from a saved state
};

/// QEMU's arguments, argv[0] first: paused at start, the console on the UART and QMP over
/// inherited descriptors, sandboxed, no network, no reboot, disks opened as snapshots. The channel
/// is a virtio console, which no kernel message and no getty goes to.
std::vector<std::string> qemu_arguments(const machine_spec& spec, machine_channels channels);

/// The command that boots the same machine by hand, its console on the terminal, quoted for a
/// shell.
std::string qemu_command(const machine_spec& spec);

/// A shell script of that command.
std::string qemu_script(const machine_spec& spec);

/// Checks what can be known before QEMU is started: that the files are there and readable and
/// that the numbers make sense. Throws a usage error that names the file or the number.
void check_machine_spec(const machine_spec& spec);

}  // namespace qh
