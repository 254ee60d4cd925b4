#include "riscv/illegal_instruction.hpp"

#include <re2/re2.h>

namespace qh {
namespace {

/// The cause of an illegal instruction in scause.
constexpr std::uint64_t illegal_cause = 2;

/// The word in the registers, if they are those of the trap at `pc`: harts may print at a time.
std::optional<std::uint32_t> read_word(std::span<const std::string> lines, std::uint64_t pc) {
    static const re2::RE2 program_counter(R"(^s?epc ?: ([0-9a-f]{8,16}) )");
    static const re2::RE2 trap(
        R"(^s?status: [0-9a-f]+ s?badaddr: ([0-9a-f]{8,16}) s?cause: ([0-9a-f]{8,16})$)");
    bool is_here = false;
    for (const auto& line : lines) {
        std::uint64_t value = 0, cause = 0;
        if (re2::RE2::PartialMatch(line, program_counter, re2::RE2::Hex(&value)))
            is_here = value == pc;
        else if (is_here &&
                 re2::RE2::FullMatch(line, trap, re2::RE2::Hex(&value), re2::RE2::Hex(&cause)))
            return cause == illegal_cause ? std::optional(static_cast<std::uint32_t>(value))
                                          : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::optional<illegal_instruction> read_illegal_instruction(std::span<const std::string> lines) {
    static const re2::RE2 announcement(
        R"(^(.+)\[(\d+)\]: unhandled signal 4 code 0x[0-9a-f]+ at 0x([0-9a-f]{1,16}))"
        R"((?: in (.+)\[(?:[0-9a-f]+,)?[0-9a-f]+\+[0-9a-f]+\])?$)");
    illegal_instruction told;
    if (lines.empty() || !re2::RE2::FullMatch(lines.front(), announcement, &told.process, &told.pid,
                                              re2::RE2::Hex(&told.pc), &told.file))
        return std::nullopt;
    told.word = read_word(lines.subspan(1), told.pc);
    return told;
}

}  // namespace qh
