// The step engine: what comes from a machine in, what to do with it out. No I/O, no clock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/units.hpp"
#include "console/console_engine.hpp"
#include "process/child.hpp"
#include "qmp/qmp_session.hpp"
#include "run/event.hpp"
#include "run/guest/activity.hpp"
#include "run/guest/boot_watch.hpp"
#include "run/guest/facts.hpp"
#include "run/guest/file_transfer.hpp"
#include "run/guest/guest_shell.hpp"
#include "run/guest/host_delay.hpp"
#include "run/guest/login_dialog.hpp"
#include "run/guest/program_fit.hpp"
#include "run/guest/sigill_watch.hpp"
#include "run/guest/time_budget.hpp"
#include "run/judge/excerpt.hpp"
#include "run/judge/step_check.hpp"
#include "run/judge/verdict.hpp"
#include "scenario/scenario.hpp"
#include "scenario/step_needs.hpp"

namespace qh {

inline constexpr const char* words_of_left_out = "left out by --filter, --tag or --keep";

/// What the engine does to the machine.
class machine_port {
  public:
    virtual ~machine_port() = default;
    virtual void send_console(std::string_view bytes) = 0;
    virtual void send_channel(std::string_view bytes) = 0;
    /// Returns the id that the reply will carry.
    virtual std::uint64_t execute(const std::string& command, const json& arguments) = 0;
    virtual void stop() = 0;
    /// Saves the guest for later runs, if it is to be; `engine::on_warm_point` is told the end.
    virtual void save_warm_point() = 0;
    /// Keeps a file that the guest has given; returns where, for the record.
    virtual std::string keep_file(const std::string& name, std::string_view content) = 0;
};

struct engine_options {
    double timeout_multiplier = 1;
    std::function<std::string()> random_word;
    std::vector<key_program> programs = {};  ///< that the guest is known to use
};

/// Runs a scenario's steps one after the other against whatever feeds it: a real machine, a
/// recording or a test. All its time is what the caller says it is.
class engine {
  public:
    /// The references must outlive the engine.
    engine(const scenario& scenario, engine_options options, machine_port& machine,
           event_sink sink);

    /// The guest begins.
    void start(time_point now);
    void on_console(std::string_view bytes, time_point now);
    void on_channel(std::string_view bytes, time_point now);
    void on_qmp(const qmp_message& message, time_point now);
    void on_cpu_usage(const process_usage& usage, time_point now);
    void on_interrupt(time_point now);

    /// A "warm" step goes on: {"how": "saved", "restored" or "none", "reason": why none, "epoch_s":
    /// the host's time in seconds, "entropy": a random word}.
    void on_warm_point(const json& told, time_point now);
    void on_machine_ended(const exit_status& status, time_point now);

    /// There is no machine, or none any more that could be judged: no step will run.
    void on_no_machine(time_point now);

    /// To be called at `deadline()` or later.
    void tick(time_point now);
    std::optional<time_point> deadline() const;

    /// Whether a step seems to be out of time, which a new `on_cpu_usage` before `tick` may change.
    bool needs_usage(time_point now) const;

    /// How long the host has kept QEMU waiting for a CPU.
    std::chrono::nanoseconds host_delay() const { return host_delay_.total(); }

    /// Only after `on_machine_ended`.
    const verdict& result() const { return *verdict_; }

    /// How the run would be judged if QEMU ended now because we end it.
    run_outcome outcome_so_far() const;

    /// The step that did not pass and ended the run, or the first of them; none: all passed.
    std::optional<std::size_t> unpassed_step() const { return unpassed_step_; }

    /// In place of `start`: goes on with step `index` where `before`, an engine with the same
    /// steps, has stopped, on a guest whose shell is at its prompt on the console.
    void go_on(const engine& before, std::size_t index, time_point now);

    /// For whoever takes the console over when the run has been judged.
    guest_shell& shell() { return shell_; }

    /// The console's last line, for a progress display.
    std::string_view last_line() const { return qh::last_line(console_); }

  private:
    /// A name that a step before this one was to capture.
    struct missing_value {
        std::size_t source;
        std::string why;
    };

    const step& current() const { return scenario_.steps[index_]; }
    void begin_step(time_point now);
    void begin_next_step(time_point now);
    void proceed(time_point now);
    void advance(time_point now);
    bool skip_unwanted(time_point now);
    bool end_without_values(time_point now);
    void advance_boot(boot_state until, time_point now);
    void nudge(time_point now);
    bool awaits_shell() const;
    bool may_nudge() const;
    void advance_login(const login_step& login, time_point now);
    void answer_login(const expectation::match& match, time_point now);
    void advance_transfer(time_point now);
    void finish_transfer(time_point now);
    void advance_reboot(const reboot_step& reboot, time_point now);
    void begin_anew(time_point now);
    void execute(std::string code, time_point now);
    void advance_expect(const expect_step& expect, time_point now);
    void finish_expect(const expectation::match& match, time_point now);
    void advance_send(const send_step& send, time_point now);
    void advance_command(time_point now);
    void advance_warm(time_point now);
    void advance_measure(time_point now);
    void advance_poweroff(time_point now);
    bool may_yet_be_explained(const channel_result& result, time_point now);
    void finish_command(channel_result result, time_point now);
    void finish_measuring(time_point now, json details);
    json interrupt_command(time_point now);
    void finish_step(step_outcome outcome, const std::string& reason, time_point now, json details);
    void pass_step(time_point now, json details = json::object());
    void skip_step(const std::string& reason, time_point now, json details);
    void fail_step(run_outcome run, const std::string& reason, time_point now,
                   json details = json::object());
    std::optional<time_point> idle_deadline() const;
    std::optional<time_point> time_deadline() const;
    void watch_time(time_point now);
    bool scenario_is_out_of_time(time_point now) const;
    void expire_step(const time_budget& budget, const std::string& whose, time_point now);
    void give_up_idle_step(time_point now);
    void await_end();
    void give_up_step(run_outcome outcome, const std::string& why, time_point now);
    std::optional<double> step_delay_s(time_point now) const;
    void end_run(time_point now);
    void skip_the_rest(time_point now);
    void handle(const console_event& event, time_point now);
    void note_failure(const failure& found, time_point now);
    void note_reset(time_point now);
    void note_trace(const failure_trace& trace, time_point now);
    void note_milestone(const milestone& reached, time_point now);
    void settle_console(time_point now);
    void ask_isa();
    void note_property(const std::string& name, const json& value, time_point now);
    void add_facts(const std::string& output, time_point now);
    void take(const captures& captured);
    std::optional<missing_value> find_missing(const std::set<std::string>& names) const;
    std::string failure_excerpt() const;
    void type_out();
    void type(std::string_view bytes);
    void emit(const std::string& type, json data, time_point now);
    std::optional<std::string> lookup(std::string_view name) const;
    std::string filled(std::string_view text) const;
    Duration scaled(Duration timeout) const;

    const scenario& scenario_;
    engine_options options_;
    machine_port& machine_;
    event_sink sink_;

    console_engine console_;
    guest_shell shell_;
    boot_watch boot_;
    activity activity_;
    class host_delay host_delay_;

    std::size_t index_ = 0;
    bool step_running_ = false, steps_done_ = false;
    bool command_begun_ = false, fitness_checked_ = false;
    bool awaiting_end_ = false;
    std::optional<json> warm_point_;  ///< what became of it
    bool waking_ = false;
    std::optional<time_point> saving_since_;  ///< while the guest stands still for it
    bool rebooting_ = false;                  ///< told to, and not yet reset
    measurement_series measured_;             ///< by the step in progress
    login_dialog login_;
    std::unique_ptr<file_transfer> transfer_;
    time_budget step_budget_, scenario_budget_;
    time_point last_output_{};
    std::optional<time_point> settle_deadline_;  ///< while something is expected
    std::optional<time_point> drain_deadline_;

    captures values_;
    capture_sources sources_;
    std::map<std::size_t, step_outcome> outcomes_;  ///< by the step's index
    fact_map facts_;
    std::map<std::uint64_t, std::string> isa_questions_;
    std::set<std::string> isa_asked_, isa_offered_;

    program_fit fit_;
    sigill_watch sigill_;
    std::optional<channel_result> held_result_;  ///< of a command whose SIGILL may be explained yet
    std::optional<time_point> explanation_deadline_;

    std::optional<std::size_t> unpassed_step_;
    evidence evidence_;
    std::vector<std::string> fatal_trace_;   ///< the fatal failure's lines
    std::string failed_excerpt_;             ///< the console when the deciding step failed
    std::size_t failures_ = 0, traces_ = 0;  ///< told
    std::size_t failures_untold_ = 0;
    std::optional<verdict> verdict_;
};

}  // namespace qh
