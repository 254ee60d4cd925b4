// What a person types to have a guest in a debugger.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>

namespace qh {

/// For a shell, where `socket` is one of QEMU's gdb stub.
inline std::string gdb_command(const std::filesystem::path& socket) {
    return fmt::format("gdb-multiarch -ex 'set architecture riscv:rv64' -ex 'target remote {}'",
                       socket.string());
}

}  // namespace qh
