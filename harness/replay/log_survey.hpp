// What a console's log tells without being asked: how far the boot came, what failed, and on what
// machine.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/console_engine.hpp"
#include "replay/log_text.hpp"
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
    void finish();

    const log_findings& findings() const { return found_; }

  private:
    void take_events();
    void note(const failure& one);
    void note(const failure_trace& trace);
    void note(const milestone& reached);
    void note(const expectation::match&);
    void feed(std::string_view bytes);
    std::size_t up_to_prompt(std::string_view bytes);
    void note_prompt();
    std::optional<double> kernel_seconds() const;

    console_engine console_;
    sigill_watch sigill_{"rv64"};  ///< no log tells QEMU's CPU
    log_findings found_;
    std::string line_begin_;
    bool prompt_seen_ = false;
};

/// The kernel's time stamp in a line.
std::optional<double> kernel_seconds_in(std::string_view line);

}  // namespace qh
