// What the guest says of itself, and what QEMU says the machine offers.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace qh {

/// Names with their prefix: "guest.isa", "machine.cpu".
using fact_map = std::map<std::string, std::string>;

/// A POSIX shell script that needs no tool but uname and df, and prints `name=value` lines.
std::string facts_script();

/// Reads the script's output into `guest.*`: kernel, arch, isa, harts, distro, distro_version,
/// distro_like (ID_LIKE), init (systemd, openrc, sysvinit, busybox or process 1's name), user,
/// memory_mib, memory ("7936M"), disk_free_mib and disk_free of the root filesystem. What a guest
/// cannot tell is missing.
fact_map read_facts(std::string_view output);

/// The extensions of a /proc/cpuinfo isa line ("rv64imafdc_zicsr_zba"): single letters and the
/// multi-letter names.
std::set<std::string> isa_extensions(std::string_view isa_line);

/// The extensions that a kernel reports whenever a CPU has them, named as QEMU's CPU properties.
/// QEMU is asked for these, so that the guest can be held against its machine.
const std::set<std::string>& comparable_extensions();

/// `guest.isa_missing` and `guest.isa_extra`: what QEMU's CPU has and the guest's isa line lacks,
/// and the other way round, among `asked`; "none" where nothing.
/// `offered` are those of `asked` that QEMU says are on.
fact_map compare_isa(std::string_view isa_line, const std::set<std::string>& asked,
                     const std::set<std::string>& offered);

}  // namespace qh
