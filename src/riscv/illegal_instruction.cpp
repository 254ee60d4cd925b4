#include "riscv/illegal_instruction.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace qh {
namespace {

/// The cause of an illegal instruction in scause.
constexpr std::uint64_t illegal_cause = 2;

/// sstatus.SPP: the trap came from supervisor mode.
constexpr std::uint64_t from_supervisor = 1 << 8;

struct trap {
    std::uint64_t pc = 0, status = 0, word = 0, cause = 0;
};

/// The traps whose registers are in `lines`; harts may print at a time.
std::vector<trap> read_traps(std::span<const std::string> lines) {
    static const re2::RE2 program_counter(R"(^\s*s?epc ?: ([0-9a-f]{8,16}) )");
    static const re2::RE2 registers(
        R"(^\s*s?status: ([0-9a-f]{8,16}) s?badaddr: ([0-9a-f]{8,16}) s?cause: ([0-9a-f]{8,16})$)");
    std::vector<trap> traps;
    trap one;
    for (const auto& line : lines) {
        if (re2::RE2::PartialMatch(line, program_counter, re2::RE2::Hex(&one.pc))) continue;
        if (one.pc != 0 && re2::RE2::FullMatch(line, registers, re2::RE2::Hex(&one.status),
                                               re2::RE2::Hex(&one.word), re2::RE2::Hex(&one.cause)))
            traps.push_back(std::exchange(one, {}));
    }
    return traps;
}

}  // namespace

std::optional<illegal_instruction> read_illegal_instruction(std::span<const std::string> lines) {
    static const re2::RE2 announcement(
        R"(^(.+)\[(\d+)\]: unhandled signal 4 code 0x[0-9a-f]+ at 0x([0-9a-f]{1,16}))"
        R"((?: in (.+)\[(?:[0-9a-f]+,)?[0-9a-f]+\+[0-9a-f]+\])?$)");
    illegal_instruction told;
    const auto traps = read_traps(lines);
    if (!lines.empty() && re2::RE2::FullMatch(lines.front(), announcement, &told.process, &told.pid,
                                              re2::RE2::Hex(&told.pc), &told.file)) {
        const auto here = std::ranges::find(traps, told.pc, &trap::pc);
        if (here != traps.end() && here->cause == illegal_cause)
            told.word = static_cast<std::uint32_t>(here->word);
        return told;
    }
    const auto own = std::ranges::find_if(traps, [](const trap& one) {
        return one.cause == illegal_cause && (one.status & from_supervisor) != 0;
    });
    if (own == traps.end()) return std::nullopt;
    told.in_kernel = true;
    told.pc = own->pc;
    told.word = static_cast<std::uint32_t>(own->word);
    return told;
}

}  // namespace qh
