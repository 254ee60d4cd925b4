#include "run/engine.hpp"

#include <algorithm>

#include "base/enum_names.hpp"
#include "base/text.hpp"
#include "scenario/step_needs.hpp"
#include "scenario/text/comparison.hpp"

namespace qh {

engine::engine(const scenario& scenario, engine_options options, machine_port& machine,
               event_sink sink)
    : scenario_(scenario),
      timeout_multiplier_(options.timeout_multiplier),
      sink_(std::move(sink)),
      guest_(scenario, std::move(options.random_word), options.rules, machine),
      fit_(std::move(options.programs), scenario.machine.cpu) {}

void engine::start(time_point now) {
    guest_.now = now;
    begin_at(0);
}

void engine::go_on(const engine& before, std::size_t index, time_point now) {
    guest_.now = now;
    guest_.values.go_on_from(before.guest_.values);
    begin_at(index);
}

void engine::begin_at(std::size_t index) {
    index_ = index;
    scenario_budget_ = {scaled(scenario_.timeout), guest_.now, guest_.host_delay.total()};
    guest_.activity.on_output(guest_.now);
    guest_.rest.on_output(guest_.now, false);
    begin_step();
    proceed();
}

void engine::on_cpu(const cpu_properties& cpu, time_point now) {
    guest_.now = now;
    for (const auto& [name, has] : cpu.extensions) {
        guest_.sigill.on_extension(name, has);
        guest_.values.on_extension(name, has);
    }
    auto misfit = fit_.on_cpu(cpu);
    if (!misfit) return;
    guest_.sigill.on_misfit(fit_.of_init());
    emit(events::isa_warning{misfit->text, misfit->cpu, misfit->programs});
}

void engine::on_shutdown(const std::string& reason, time_point now) {
    guest_.now = now;
    evidence_.shutdown_reason = reason;
}

void engine::on_paused(bool paused, time_point now) {
    guest_.now = now;
    guest_.activity.on_paused(paused);
}

void engine::on_interrupt(time_point now) {
    guest_.now = now;
    evidence_.interrupted = true;
    if (step_) evidence_.step_in_progress = current().name;
    end_run();
}

void engine::on_warm_point(const events::warm_point& told, time_point now) {
    guest_.now = now;
    if (!step_) return;
    const auto halted_since = step_->halted_since();
    step_->on_warm_point(told, guest_);
    if (halted_since)
        for (auto* budget : {&step_budget_, &scenario_budget_})
            budget->leave_out(now - *halted_since);
    proceed();
}

void engine::on_no_machine(time_point now) {
    guest_.now = now;
    if (std::exchange(steps_done_, true)) return;
    if (step_) {
        finish_step(step_outcome::failed, "the machine was lost", json::object());
        ++index_;
    }
    skip_the_rest();
}

void engine::on_machine_ended(const exit_status& status, time_point now) {
    guest_.now = now;
    evidence_.qemu = status;
    // The last line of a console that broke off, where the kernel's lines are taken apart.
    if (guest_.shell.tells_kernel_lines_apart())
        guest_.console.on_kernel_line(guest_.console.open_line());
    guest_.console.finish();
    proceed();
    if (step_) {
        evidence_.poweroff_expected = current().kind().ends_guest;
        evidence_.step_in_progress = current().name;
        if (evidence_.poweroff_expected && evidence_.shutdown_reason == "guest-shutdown" &&
            !evidence_.fatal_failure) {
            evidence_.step_in_progress.clear();
            end_step(step_end::passed());
        } else if (!evidence_.fatal_failure) {
            finish_step(step_outcome::failed, "the machine ended", json::object());
        }
    }
    end_run();
    verdict_ = judge(evidence_);
    events::verdict told = {verdict_->outcome, verdict_->reason};
    if (verdict_->outcome != run_outcome::passed)
        told.excerpt = verdict_->of_failed_step  ? failed_excerpt_
                       : fatal_trace_.size() > 1 ? trace_excerpt(fatal_trace_)
                                                 : excerpt(guest_.console, excerpt_lines);
    if (told_.untold > 0) told.failures_untold = told_.untold;
    emit(std::move(told));
}

run_outcome engine::outcome_so_far() const {
    auto so_far = evidence_;
    so_far.qemu = exit_status{};
    return judge(so_far).outcome;
}

void engine::tick(time_point now) {
    guest_.now = now;
    guest_.shell.tick(now);
    guest_.boot.tick(now);
    if (drain_deadline_ && now >= *drain_deadline_) {
        drain_deadline_.reset();
        end_run();
    }
    watch_time();
    guest_.settle();
    proceed();
}

std::optional<time_point> engine::deadline() const {
    std::optional<time_point> next;
    const auto consider = [&](std::optional<time_point> when) {
        if (when && (!next || *when < *next)) next = when;
    };
    consider(drain_deadline_);
    consider(guest_.shell.deadline());
    if (step_) consider(guest_.rest.deadline());
    if (is_expiring()) {
        consider(time_deadline());
        consider(step_->deadline(guest_));
    }
    return next;
}

void engine::begin_step() {
    step_ = make_running(current());
    step_fits_ = false;
    guest_.sigill.on_step_begun();
    step_budget_ = {scaled(current().timeout), guest_.now, guest_.host_delay.total()};
    emit(events::step_started{index_, current().name, std::string(current().kind().key)});
}

/// Does what can be done by now, in the order in which the console told of it.
void engine::proceed() {
    advance();
    while (const auto event = guest_.console.next()) {
        handle(*event);
        advance();
    }
    guest_.type_out();
}

/// Does what the step in progress can do by now; a step that ends begins the next one.
void engine::advance() {
    std::size_t before;
    do {
        if (!is_expiring()) return;
        before = index_;
        if (!step_fits_ && !fits()) continue;
        if (auto end = step_->advance(guest_)) end_step(std::move(*end));
        guest_.type_out();
    } while (index_ != before);
}

/// Begins the step, or ends it where it was not chosen, its "when" does not hold or it asks for
/// values that there are none of.
bool engine::fits() {
    step_fits_ = true;
    auto end = unwanted();
    if (!end) end = lacks_values();
    if (end)
        end_step(std::move(*end));
    else
        step_->begin(guest_);
    return !end;
}

std::optional<step_end> engine::unwanted() const {
    if (current().left_out) return step_end::skipped(words_of_left_out);
    for (const auto& text : current().when) {
        if (const auto missing = guest_.values.find_missing(names_compared(text), index_))
            return step_end::skipped(fmt::format("when: {}", missing->why));
        const auto condition = evaluate(parse_comparison(text), [this](std::string_view name) {
            return guest_.values.lookup(name);
        });
        if (!condition.holds)
            return step_end::skipped(fmt::format("when: {} does not hold", condition.explanation));
    }
    return std::nullopt;
}

/// What asks for a value that there is none of must not run with the name in its place. That a step
/// before did not run is no fault of the guest's; that it ran and found nothing is.
std::optional<step_end> engine::lacks_values() const {
    const auto missing = guest_.values.find_missing(names_needed(current()), index_);
    if (!missing) return std::nullopt;
    return missing->was_skipped ? step_end::skipped(missing->why)
                                : step_end::failed(run_outcome::failed, missing->why);
}

void engine::on_match(const expectation::match& match) {
    if (drain_deadline_ || !step_) return;
    if (auto end = step_->on_match(match, guest_)) end_step(std::move(*end));
}

void engine::end_step(step_end end) {
    for (auto& told : end.told) emit(std::move(told));
    if (end.outcome != step_outcome::passed && end.outcome != step_outcome::skipped)
        return fail_step(std::move(end));
    finish_step(end.outcome, end.reason, std::move(end.details));
    begin_next_step();
}

void engine::begin_next_step() {
    if (index_ + 1 == scenario_.steps.size()) return end_run();
    ++index_;
    begin_step();
}

void engine::fail_step(step_end end) {
    const auto& sigill = guest_.sigill.this_step();
    if (!sigill.empty()) end.reason = fmt::format("{}; {}", end.reason, sigill);
    const bool lost = end.run == run_outcome::infra_error;
    const auto& failed = current();
    const auto lines = excerpt(guest_.console, excerpt_lines);
    end.details["excerpt"] = lines;
    finish_step(end.outcome, end.reason, std::move(end.details));
    if (!evidence_.failed_step || lost) {
        evidence_.failed_step =
            deciding_step{failed.name, end.run, end.reason + before_that(evidence_.failed_step)};
        failed_excerpt_ = lines;
    }
    if (!failed.continue_on_failure || lost || scenario_is_out_of_time()) return end_run();
    begin_next_step();
}

void engine::finish_step(step_outcome outcome, const std::string& reason, json details) {
    step_.reset();
    guest_.values.on_step_ended(index_, outcome);
    if (!unpassed_step_ && (outcome == step_outcome::failed || outcome == step_outcome::timed_out))
        unpassed_step_ = index_;
    guest_.expect_nothing();
    const auto elapsed = std::chrono::duration<double>(guest_.now - step_budget_.began()).count();
    events::step_finished told = {index_, current().name, std::string(current().kind().key),
                                  outcome, elapsed};
    if (!reason.empty()) told.reason = reason;
    told.host_delay_s = step_delay_s();
    told.details.values = std::move(details);
    emit(std::move(told));
}

/// Nothing more is to be done: the steps that did not run are told, and the machine is ended.
void engine::end_run() {
    if (std::exchange(steps_done_, true)) return;
    if (step_)
        finish_step(step_outcome::failed,
                    evidence_.interrupted     ? "interrupted"
                    : evidence_.fatal_failure ? evidence_.fatal_failure->title
                                              : "the run was ended",
                    {{"excerpt", excerpt(guest_.console, excerpt_lines)}});
    ++index_;
    skip_the_rest();
    if (!evidence_.qemu) {
        evidence_.ended_by_us = true;
        guest_.machine.stop();
    }
}

void engine::skip_the_rest() {
    for (; index_ < scenario_.steps.size(); ++index_)
        emit(events::step_finished{index_, current().name, std::string(current().kind().key),
                                   step_outcome::not_run});
}

void engine::emit(event_data what) {
    sink_({guest_.now, std::move(what)});
}

Duration engine::scaled(Duration timeout) const {
    return std::chrono::duration_cast<Duration>(timeout * timeout_multiplier_);
}

}  // namespace qh
