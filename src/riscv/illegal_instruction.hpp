// What the kernel says of an illegal instruction, a program's or its own.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace qh {

struct illegal_instruction {
    bool in_kernel = false;
    std::string process;  ///< its name, of which the kernel keeps 15 characters; empty in_kernel
    std::uint64_t pid = 0;
    std::string file;  ///< where the instruction is, without folder; empty where nothing is mapped
    std::uint64_t pc = 0;
    /// The instruction itself: Linux prints stval as "badaddr", where a hart that traps for an
    /// illegal instruction may write it (The RISC-V Instruction Set Manual, volume II, "Supervisor
    /// Trap Value Register"); QEMU always does. None where the registers were not printed.
    std::optional<std::uint32_t> word;
};

/// Reads the lines of a failure's trace, without time stamps: the kernel's "NAME[PID]: unhandled
/// signal 4 code 0x1 at 0xPC in FILE[OFFSET,BASE+SIZE]" (arch/riscv/kernel/traps.c, do_trap) and
/// the registers behind it, or registers alone that tell of the kernel's own: sstatus.SPP is set
/// where the trap came from supervisor mode. None where they tell of something else.
std::optional<illegal_instruction> read_illegal_instruction(std::span<const std::string> lines);

}  // namespace qh
