// What the kernel told of illegal instructions, and what that means on this machine's CPU.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "console/failure_watch.hpp"
#include "riscv/illegal_instruction.hpp"

namespace qh {

/// The properties of QEMU's CPU that explanations rest on.
std::set<std::string> instruction_extensions();

class sigill_watch {
  public:
    explicit sigill_watch(std::string cpu) : cpu_(std::move(cpu)) {}

    /// QEMU says whether its CPU has the extension.
    void on_extension(const std::string& name, bool on);

    /// The kernel started `path` as process 1.
    void on_init(std::string path) { init_ = std::move(path); }

    /// Why process 1 is expected to die of one; empty where it is not.
    void on_misfit(std::string text) { misfit_ = std::move(text); }

    void on_step_begun() {
        this_step_.clear();
        is_late_ = std::exchange(awaits_trace_, false);
    }

    /// The kernel begins to tell of a signal that killed a program during the step.
    void on_failure(std::string_view title);

    /// Whether the rest of what the kernel tells of this step is still to come.
    bool awaits_trace() const { return awaits_trace_; }

    /// An explanation where the trace is of an illegal instruction: an object with `process`,
    /// `file` (neither for the kernel's own), `pc`, `instruction`, `word`, `extension`, `cpu` (with
    /// which it would run) as far as each is known, and `text`, which says it all in a sentence.
    std::optional<json> on_trace(const failure_trace& trace);

    /// The first explanation since the step began, for the step's reason; empty without one.
    const std::string& this_step() const { return this_step_; }

    /// Why process 1 died, by the title of the panic that followed; empty where that was not for a
    /// SIGILL.
    std::string of_init(std::string_view panic_title) const;

  private:
    std::string place_of(const illegal_instruction& told) const;
    json explain(const illegal_instruction& told) const;
    std::string meaning_of(std::uint32_t word, bool in_kernel, json& details) const;
    std::string lacking(const std::string& extension, json& details) const;

    std::string cpu_, init_, misfit_, this_step_, of_init_;
    bool awaits_trace_ = false;
    bool is_late_ = false;                                 ///< the next trace is of the step before
    std::set<std::string, std::less<>> present_, absent_;  ///< extensions, as QEMU told
};

/// The signal that killed process 1, by the panic's title; 0 where none did.
int signal_of_init(std::string_view panic_title);

/// For a SIGILL of which the kernel says no more.
inline constexpr std::string_view nothing_said =
    "the kernel did not print which instruction; with --append loglevel=7 it does";

}  // namespace qh
