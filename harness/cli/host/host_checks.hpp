// What this host has of what qharness needs or would like.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_names.hpp"
#include "qmp/qmp_session.hpp"

namespace qh {

enum class check_state {
    ok,
    missing,  ///< needed
    advice    ///< works without, but worse
};
BOOST_DESCRIBE_ENUM(check_state, ok, missing, advice)

struct host_check {
    std::string name;
    check_state state = check_state::ok;
    std::string found;   ///< what there is, or what is wrong
    std::string remedy;  ///< the command that mends it, or what to do; empty where ok
};

struct check_options {
    std::string qemu = "qemu-system-riscv64";
    std::string out = "runs";
};

/// Looks at everything; nothing is changed, and no network is used.
std::vector<host_check> check_host(const check_options& options);

/// "QEMU emulator version 10.0.2 (Debian …)": the version in it, where there is one.
std::optional<qemu_version> read_version_line(std::string_view text);

/// A figure of /proc/meminfo (proc(5)) in bytes; 0 where it is not there.
std::uint64_t meminfo_bytes(std::string_view meminfo, std::string_view name);

}  // namespace qh
