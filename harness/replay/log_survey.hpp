// What a console's log tells without being asked: how far the boot came, what failed, and on what
// machine.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/console_engine.hpp"
#include "replay/guest_prompts.hpp"
#include "replay/kernel_console.hpp"
#include "replay/log_text.hpp"
#include "replay/raw_lines.hpp"
#include "run/guest/sigill_watch.hpp"

namespace qh {

struct log_moment {
    std::string kind, title;
    std::optional<double> kernel_seconds;  ///< by the kernel's time stamp
    std::optional<double> log_seconds;     ///< by the log's own
};

struct log_failure {
    failure what;
    std::string site;
    std::vector<std::string> trace;  ///< empty: it is one line
    bool trace_cut = false;
    std::string explanation;  ///< of an illegal instruction, else empty
    std::optional<double> kernel_seconds, log_seconds;
};

struct log_findings {
    std::vector<log_moment> timeline;
    std::vector<log_failure> failures;
    std::map<std::string, std::string> facts;
    std::size_t failures_left_out = 0;  ///< beyond the first hundreds
    std::size_t moments_left_out = 0;
    std::uint64_t bytes = 0;
    std::optional<double> log_seconds;  ///< at the last piece

    /// The first that no verdict but a failed one is true after, or null.
    const log_failure* fatal() const;
};

/// The shipped patterns with scenarios/lib/boot_facts.json as milestones of their own kinds, and
/// with what `scenario_text`, a resolved scenario or null, has under "failures".
console_patterns log_patterns(const json& scenario_text);

/// Hears the console once. Memory is bounded whatever comes.
class log_survey {
  public:
    /// `patterns` must outlive this.
    explicit log_survey(const console_patterns& patterns) : console_(patterns) {}

    void hear(const log_piece& piece);

    /// What the tool that kept the log says of it.
    void hear(const log_remark& remark);
    void finish();

    const log_findings& findings() const { return found_; }

  private:
    void take_line(std::string_view raw);
    void pass_on();
    void take_prompt(std::string_view line, bool open);
    void take_events();
    void note(const failure& one);
    void note(const failure_trace& trace);
    void note(const milestone& reached);
    void note(const expectation::match&);
    void note_rescue(const std::string& prompt);
    void note_moved_console();
    void forget_quoted_panics();
    void add(failure what, std::optional<double> kernel_seconds);
    std::optional<double> kernel_seconds() const;

    console_engine console_;
    sigill_watch sigill_{"rv64"};  ///< no log tells QEMU's CPU
    log_findings found_;
    raw_lines lines_;
    std::string unheard_;  ///< lines that the console engine is yet to be fed
    guest_prompts prompts_;
    bool shell_seen_ = false;
    bool command_runs_ = false;       ///< one that somebody typed at a prompt
    std::size_t first_doubtful_ = 0;  ///< failure that a command may only have printed
    bool prompted_since_ = false;
    kernel_console kernel_console_;
};

/// The kernel's time stamp in a line.
std::optional<double> kernel_seconds_in(std::string_view line);

}  // namespace qh
