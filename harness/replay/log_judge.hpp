// A scenario's steps on a log that nobody typed for: what they wait for, looked for in its order.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/expectation.hpp"
#include "console/transcript.hpp"
#include "replay/guest_prompts.hpp"
#include "replay/kernel_stamp.hpp"
#include "replay/log_evidence.hpp"
#include "replay/near_match.hpp"
#include "replay/raw_lines.hpp"
#include "replay/what_if.hpp"
#include "scenario/outcome.hpp"
#include "scenario/scenario.hpp"
#include "scenario/step_needs.hpp"

namespace qh {

struct judged_step {
    std::string name;
    std::string_view kind;
    step_outcome outcome = step_outcome::not_run;
    std::string reason;  ///< also of a passed step: what of it was not judged
    captures captured;
    std::string line;  ///< the console line that decided
    std::vector<missed_pattern> missed;
};

/// `expect` steps and boots wait for their lines, as in a run, but without time: what the log does
/// not have failed. A command is known by its echo behind a prompt, and its output reaches to the
/// next prompt; its exit status is not in a log. The kernel's messages within other lines are read
/// apart. A command, or what is sent, whose echo does not come
/// before what the next `expect`, boot or poweroff waits for is skipped, and so are steps that only
/// a machine can answer.
class log_judge {
  public:
    /// `what` must outlive this.
    explicit log_judge(const scenario& what);

    void feed(std::string_view bytes);

    /// No byte will come any more; every step is judged then.
    void finish();

    const std::vector<judged_step>& steps() const { return judged_; }

  private:
    /// What ends the waiting, and for which step it stands.
    struct awaited {
        std::size_t step;
        std::size_t pattern;  ///< in the step
    };
    const step& current() const { return what_.steps[judged_.size()]; }
    bool done() const { return judged_.size() == what_.steps.size(); }
    void take_line(std::string_view raw);
    void take_text(std::string_view line, bool open);
    void look();
    bool await_next();
    void take_shell();
    std::optional<std::size_t> end_of_output(std::string_view output);
    void add_patterns(std::size_t index, const log_evidence& evidence,
                      std::vector<expected_pattern>& patterns);
    void take(const expectation::match& match);
    void take_echo(const expectation::match& match, const std::string& echo);
    void take_output(std::string_view output, bool whole);
    void end_step(step_outcome outcome, std::string reason, captures captured = {},
                  std::string line = {});
    void skip(const std::string& reason) { end_step(step_outcome::skipped, reason); }
    void watch_lines();
    std::string missing_name() const;
    std::optional<std::string> value_of(std::string_view name) const;
    log_evidence evidence_at(std::size_t index) const;
    std::string filled(std::string_view text) const;

    const scenario& what_;
    raw_lines lines_;
    transcript terminal_;
    kernel_lines_apart apart_;
    transcript text_;  ///< what the terminal shows, line by line
    guest_prompts prompts_;
    std::map<std::string, transcript::position> first_seen_;  ///< prompts, by their form
    std::optional<transcript::position> shell_;  ///< where the guest's first prompt stands
    transcript::position searched_ = 0, watched_ = 0;
    std::optional<expectation> expectation_;
    std::vector<awaited> awaited_;
    std::optional<std::size_t> shell_step_;  ///< that the guest's prompt is awaited for
    bool waiting_ = false;
    std::optional<transcript::position> output_;  ///< where a command's output begins
    std::string prompt_;                          ///< that the command was typed at
    transcript::position output_looked_at_ = 0;   ///< no prompt is before
    std::deque<near_matches> near_;
    captures values_;
    capture_sources sources_;
    std::vector<judged_step> judged_;
};

}  // namespace qh
