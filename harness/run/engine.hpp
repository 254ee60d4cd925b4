// The step engine: what comes from a machine in, what to do with it out. No I/O, no clock.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "machine/cpu_properties.hpp"
#include "process/child.hpp"
#include "run/events/event.hpp"
#include "run/guest/guest.hpp"
#include "run/guest/program_fit.hpp"
#include "run/guest/time_budget.hpp"
#include "run/judge/excerpt.hpp"
#include "run/judge/verdict.hpp"
#include "run/steps/running_step.hpp"
#include "scenario/scenario.hpp"

namespace qh {

struct engine_options {
    double timeout_multiplier = 1;
    std::function<std::string()> random_word;
    std::vector<key_program> programs = {};  ///< that the guest is known to use
    guest_rules rules = {};
};

/// Runs a scenario's steps one after the other against whatever feeds it: a real machine, a
/// recording or a test. All its time is what the caller says it is.
class engine {
  public:
    /// The references must outlive the engine.
    engine(const scenario& scenario, engine_options options, machine_port& machine,
           event_sink sink);

    /// What the machine's CPU has. Programs are held against it the first time.
    void on_cpu(const cpu_properties& cpu, time_point now);

    /// The properties that decide on whether the programs run.
    const std::set<std::string>& cpu_questions() const { return fit_.questions(); }

    /// The guest begins.
    void start(time_point now);
    void on_console(std::string_view bytes, time_point now);
    void on_channel(std::string_view bytes, time_point now);
    /// The machine was reset, and its guest goes on from there.
    void on_reset(time_point now);
    /// The machine shut down: see machine_listener::on_shutdown.
    void on_shutdown(const std::string& reason, time_point now);
    /// The guest stands still from now on, or goes on.
    void on_paused(bool paused, time_point now);
    void on_cpu_usage(const process_usage& usage, time_point now);
    void on_interrupt(time_point now);

    /// A "warm" step goes on.
    void on_warm_point(const events::warm_point& told, time_point now);
    void on_machine_ended(const exit_status& status, time_point now);

    /// There is no machine, or none any more that could be judged: no step will run.
    void on_no_machine(time_point now);

    /// To be called at `deadline()` or later.
    void tick(time_point now);
    std::optional<time_point> deadline() const;

    /// Whether a step seems to be out of time, which a new `on_cpu_usage` before `tick` may change.
    bool needs_usage(time_point now) const;

    /// How long the host has kept QEMU waiting for a CPU.
    std::chrono::nanoseconds host_delay() const { return guest_.host_delay.total(); }

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
    guest_shell& shell() { return guest_.shell; }

    /// The console's last line, for a progress display.
    std::string_view last_line() const { return qh::last_line(guest_.console); }

  private:
    /// What has been told of the console's failures.
    struct failure_count {
        std::size_t failures = 0, traces = 0, untold = 0;
    };

    const step& current() const { return scenario_.steps[index_]; }
    void begin_at(std::size_t index);
    void begin_step();
    void begin_next_step();
    void proceed();
    void advance();
    bool fits();
    std::optional<step_end> unwanted() const;
    std::optional<step_end> lacks_values() const;
    void end_step(step_end end);
    void fail_step(step_end end);
    void finish_step(step_outcome outcome, const std::string& reason, json details);
    bool is_expiring() const { return step_ && !drain_deadline_ && !awaiting_end_; }
    std::optional<time_point> idle_deadline() const;
    std::optional<time_point> time_deadline() const;
    void watch_time();
    bool scenario_is_out_of_time() const;
    void expire_step(const time_budget& budget, const std::string& whose);
    void give_up_idle_step();
    void give_up_step(run_outcome outcome, const std::string& why);
    void await_end();
    std::optional<double> step_delay_s() const;
    void end_run();
    void skip_the_rest();
    void handle(const console_event& event);
    void note_failure(const failure& found);
    void note_trace(const failure_trace& trace);
    void note_milestone(const milestone& reached);
    void on_match(const expectation::match& match);
    void emit(event_data what);
    Duration scaled(Duration timeout) const;

    const scenario& scenario_;
    const double timeout_multiplier_;
    event_sink sink_;
    guest guest_;
    program_fit fit_;

    std::size_t index_ = 0;
    std::unique_ptr<running_step> step_;  ///< in progress; none between steps
    bool step_fits_ = false;              ///< whether it has begun
    bool steps_done_ = false;
    bool awaiting_end_ = false;
    time_budget step_budget_, scenario_budget_;
    std::optional<time_point> drain_deadline_;

    std::optional<std::size_t> unpassed_step_;
    evidence evidence_;
    std::vector<std::string> fatal_trace_;  ///< the fatal failure's lines
    std::string failed_excerpt_;            ///< the console when the deciding step failed
    failure_count told_;
    std::optional<verdict> verdict_;
};

}  // namespace qh
