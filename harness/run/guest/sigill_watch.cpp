#include "run/guest/sigill_watch.hpp"

#include <fmt/format.h>
#include <re2/re2.h>
#include <signal.h>
#include <string.h>

#include <algorithm>

#include "base/text.hpp"
#include "riscv/cpu_choice.hpp"
#include "riscv/extension.hpp"
#include "riscv/instruction_extension.hpp"

namespace qh {
namespace {

constexpr std::size_t longest_process_name = 15;

std::string_view file_name(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

bool is_name_of(std::string_view process, std::string_view file) {
    return process == file.substr(0, longest_process_name);
}

/// The mode that may access the control and status register of a Zicsr instruction: two bits of
/// the register's number; 0, that of programs, for any other instruction.
unsigned mode_of_csr(std::uint32_t word) {
    constexpr std::uint32_t opcode_mask = 0x7f, system = 0x73, csr_functions = 0x3000;
    const bool is_csr = (word & opcode_mask) == system && (word & csr_functions) != 0;
    return is_csr ? word >> 28 & 3 : 0;
}

/// The signal that systemd as process 1 says to have caught, before it stands still.
std::optional<unsigned> caught_by_init(std::string_view title) {
    static const re2::RE2 caught(R"(^systemd: Caught <(\w+)>)");
    std::string name;
    if (!re2::RE2::PartialMatch(re2::StringPiece(title.data(), title.size()), caught, &name))
        return std::nullopt;
    for (int signal = 1; signal < SIGRTMIN; ++signal)
        if (const char* known = sigabbrev_np(signal); known && name == known)
            return static_cast<unsigned>(signal);
    return std::nullopt;
}

/// wait's status of process 1.
std::optional<unsigned> init_status(std::string_view panic_title) {
    if (const auto signal = caught_by_init(panic_title)) return signal;
    static const re2::RE2 killed(R"(Attempted to kill init! exitcode=0x([0-9a-f]{1,8})\b)");
    unsigned status = 0;
    if (!re2::RE2::PartialMatch(re2::StringPiece(panic_title.data(), panic_title.size()), killed,
                                re2::RE2::Hex(&status)))
        return std::nullopt;
    return status;
}

}  // namespace

std::set<std::string> instruction_extensions() {
    std::set<std::string> names;
    for (const auto& extension : isa_extensions()) names.emplace(extension.name);
    return names;
}

void sigill_watch::on_extension(const std::string& name, bool on) {
    (on ? present_ : absent_).insert(name);
}

void sigill_watch::on_failure(std::string_view title) {
    if (title.find(": unhandled signal 4 ") != title.npos) awaits_trace_ = true;
}

std::optional<json> sigill_watch::on_trace(const failure_trace& trace) {
    const auto told = read_illegal_instruction(trace.lines);
    if (!told) return std::nullopt;
    auto explanation = explain(*told);
    if (told->in_kernel) return explanation;
    const auto text = explanation["text"].get<std::string>();
    awaits_trace_ = false;
    if (!std::exchange(is_late_, false) && this_step_.empty()) this_step_ = text;
    if (told->pid == 1) of_init_ = text;
    return explanation;
}

std::string sigill_watch::of_init(std::string_view panic_title) const {
    const auto status = init_status(panic_title);
    if (!status) return {};
    // A shell that is process 1 ends with the status of its last command.
    if (*status >> 8 == 128 + SIGILL) return this_step_;
    if (signal_of_init(panic_title) != SIGILL) return {};
    if (!of_init_.empty()) return of_init_;
    return fmt::format("SIGILL in {}: {}{}{}", init_.empty() ? "init" : init_, misfit_,
                       misfit_.empty() ? "" : "; ", nothing_said);
}

/// "/init (busybox)": the program, and the file where that is another.
std::string sigill_watch::place_of(const illegal_instruction& told) const {
    const bool is_init = told.pid == 1 && is_name_of(told.process, file_name(init_));
    const auto program = is_init ? init_ : told.process;
    if (told.file.empty() || told.file == file_name(program)) return program;
    if (!is_init && is_name_of(told.process, told.file)) return told.file;
    return fmt::format("{} ({})", program, told.file);
}

json sigill_watch::explain(const illegal_instruction& told) const {
    json details = {{"pc", fmt::format("0x{:x}", told.pc)}};
    if (told.in_kernel) {
        details["text"] =
            "illegal instruction in the kernel: " + meaning_of(*told.word, true, details);
        return details;
    }
    details["process"] = told.process;
    if (!told.file.empty()) details["file"] = told.file;
    const auto place = place_of(told);
    details["text"] =
        told.word ? fmt::format("SIGILL in {}: {}", place, meaning_of(*told.word, false, details))
                  : fmt::format("SIGILL in {} at pc 0x{:x}: {}", place, told.pc, nothing_said);
    return details;
}

std::string sigill_watch::meaning_of(std::uint32_t word, bool in_kernel, json& details) const {
    details["word"] = fmt::format("0x{:0{}x}", word, (word & 3) == 3 ? 8 : 4);
    const auto pc = details["pc"].get<std::string>();
    const auto found = find_instruction(word);
    if (const auto mode = mode_of_csr(word); !found && mode > (in_kernel ? 1U : 0U))
        return fmt::format("{} at pc {}, an access to a register (CSR 0x{:x}) of {} mode",
                           details["word"].get<std::string>(), pc, word >> 20,
                           mode == 3   ? "machine"
                           : mode == 2 ? "hypervisor"
                                       : "supervisor");
    if (!found)
        return fmt::format("{} at pc {}, an instruction that qharness does not know",
                           details["word"].get<std::string>(), pc);
    details["instruction"] = found->name;
    if (found->extensions.empty())
        return fmt::format(
            "{} at pc {}, which is illegal on every CPU: the program ended itself so (abort, "
            "__builtin_trap, code that cannot be reached)",
            found->name, pc);
    const auto had = std::ranges::find_if(found->extensions,
                                          [&](const auto name) { return present_.contains(name); });
    const std::string extension(had == found->extensions.end() ? found->extensions.front() : *had);
    const auto* const known = find_extension(extension);
    details["extension"] = extension;
    const auto what = fmt::format("{} of the {} extension ({}) at pc {}", found->name, known->title,
                                  extension, pc);
    if (had == found->extensions.end()) return what + "; " + lacking(extension, details);
    return fmt::format("{}; -cpu {} has it: {}", what, printable(cpu_),
                       known->trap_cause.empty() ? "this encoding of it must be a reserved one"
                                                 : known->trap_cause);
}

std::string sigill_watch::lacking(const std::string& extension, json& details) const {
    auto letters = present_;
    if (letters.empty()) letters = {"m", "a", "f", "d", "c"};
    letters.erase(extension);
    const auto cpu = cpu_with(cpu_, extension, letters);
    details["cpu"] = cpu;
    const auto remedy = fmt::format("run with --cpu {}, or build the file without it (-march={})",
                                    printable(cpu), march_of(letters));
    return absent_.contains(extension)
               ? fmt::format("-cpu {} lacks it: {}", printable(cpu_), remedy)
               : fmt::format("QEMU did not say whether -cpu {} has it; if not, {}", printable(cpu_),
                             remedy);
}

int signal_of_init(std::string_view panic_title) {
    constexpr unsigned signal_bits = 0x7f;
    return static_cast<int>(init_status(panic_title).value_or(0) & signal_bits);
}

}  // namespace qh
