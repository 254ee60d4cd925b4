#include "run/engine.hpp"

#include <algorithm>

#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "scenario/comparison.hpp"

namespace qh {

engine::engine(const scenario& scenario, engine_options options, machine_port& machine,
               event_sink sink)
    : scenario_(scenario),
      options_(std::move(options)),
      machine_(machine),
      sink_(std::move(sink)),
      console_(*scenario.watched),
      shell_(options_.random_word, scenario.machine.channel),
      sources_(scenario.steps),
      fit_(options_.programs, scenario.machine.cpu),
      sigill_(scenario.machine.cpu) {
    facts_["machine.cpu"] = scenario.machine.cpu;
    facts_["machine.smp"] = std::to_string(scenario.machine.harts);
    facts_["machine.memory_mib"] = std::to_string(scenario.machine.memory_bytes >> 20);
}

void engine::start(time_point now) {
    scenario_budget_ = {scaled(scenario_.timeout), now, host_delay_.total()};
    activity_.on_output(now);
    last_output_ = now;
    ask_isa();
    begin_step(now);
    proceed(now);
}

void engine::go_on(const engine& before, std::size_t index, time_point now) {
    values_ = before.values_;
    outcomes_ = before.outcomes_;
    facts_ = before.facts_;
    index_ = index;
    scenario_budget_ = {scaled(scenario_.timeout), now, host_delay_.total()};
    activity_.on_output(now);
    last_output_ = now;
    begin_step(now);
    proceed(now);
}

void engine::on_qmp(const qmp_message& message, time_point now) {
    using kind = enum qmp_message::kind;
    if (message.kind == kind::event && message.text == "SHUTDOWN")
        evidence_.shutdown_reason = message.data.value("reason", "");
    if (message.kind == kind::event && message.text == "RESET" &&
        message.data.value("guest", false))
        note_reset(now);
    if (message.kind == kind::event && (message.text == "STOP" || message.text == "RESUME"))
        activity_.on_paused(message.text == "STOP");
    const auto question = isa_questions_.find(message.id);
    const bool is_answer = message.kind == kind::reply || message.kind == kind::failure;
    if (is_answer && question != isa_questions_.end())
        note_property(isa_questions_.extract(question).mapped(),
                      message.kind == kind::reply ? message.data : json(), now);
}

void engine::on_interrupt(time_point now) {
    evidence_.interrupted = true;
    if (step_running_) evidence_.step_in_progress = current().name;
    end_run(now);
}

void engine::on_no_machine(time_point now) {
    if (std::exchange(steps_done_, true)) return;
    if (step_running_) {
        finish_step(step_outcome::failed, "the machine was lost", now, json::object());
        ++index_;
    }
    skip_the_rest(now);
}

void engine::on_machine_ended(const exit_status& status, time_point now) {
    evidence_.qemu = status;
    // The last line of a console that broke off, where the kernel's lines are taken apart.
    if (shell_.tells_kernel_lines_apart()) console_.on_kernel_line(console_.open_line());
    console_.finish();
    proceed(now);
    if (step_running_) {
        evidence_.poweroff_expected = std::holds_alternative<poweroff_step>(current().action);
        evidence_.step_in_progress = current().name;
        if (evidence_.poweroff_expected && evidence_.shutdown_reason == "guest-shutdown" &&
            !evidence_.fatal_failure) {
            evidence_.step_in_progress.clear();
            pass_step(now);
        } else if (!evidence_.fatal_failure) {
            finish_step(step_outcome::failed, "the machine ended", now, json::object());
        }
    }
    end_run(now);
    verdict_ = judge(evidence_);
    json data = {{"outcome", name_of(verdict_->outcome)}, {"reason", verdict_->reason}};
    if (verdict_->outcome != run_outcome::passed)
        data["excerpt"] = verdict_->of_failed_step ? failed_excerpt_ : failure_excerpt();
    if (failures_untold_ > 0) data["failures_untold"] = failures_untold_;
    emit("verdict", std::move(data), now);
}

run_outcome engine::outcome_so_far() const {
    auto so_far = evidence_;
    so_far.qemu = exit_status{};
    return judge(so_far).outcome;
}

void engine::tick(time_point now) {
    shell_.tick(now);
    if (drain_deadline_ && now >= *drain_deadline_) {
        drain_deadline_.reset();
        end_run(now);
    }
    watch_time(now);
    settle_console(now);
    proceed(now);
}

std::optional<time_point> engine::deadline() const {
    std::optional<time_point> next;
    const auto consider = [&](std::optional<time_point> when) {
        if (when && (!next || *when < *next)) next = when;
    };
    consider(drain_deadline_);
    consider(shell_.deadline());
    if (step_running_) consider(settle_deadline_);
    if (step_running_) consider(explanation_deadline_);
    if (step_running_ && !drain_deadline_ && !awaiting_end_) {
        consider(time_deadline());
        if (shell_.at_prompt() && awaits_shell()) consider(boot_.prompt_deadline());
        if (shell_.at_prompt() && may_nudge()) consider(boot_.nudge_deadline());
    }
    return next;
}

void engine::begin_step(time_point now) {
    step_running_ = true;
    command_begun_ = fitness_checked_ = false;
    held_result_.reset();
    explanation_deadline_.reset();
    sigill_.on_step_begun();
    measured_ = {};
    step_budget_ = {scaled(current().timeout), now, host_delay_.total()};
    emit("step_started", {{"index", index_}, {"name", current().name}, {"kind", current().kind}},
         now);
}

/// Does what can be done by now, in the order in which the console told of it.
void engine::proceed(time_point now) {
    advance(now);
    while (const auto event = console_.next()) {
        handle(*event, now);
        advance(now);
    }
    type_out();
}

/// Does what the step in progress can do by now; a step that ends begins the next one.
void engine::advance(time_point now) {
    std::size_t before;
    do {
        if (!step_running_ || drain_deadline_ || awaiting_end_) return;
        before = index_;
        if (!std::exchange(fitness_checked_, true) &&
            (skip_unwanted(now) || end_without_values(now)))
            continue;
        std::visit(overloaded{[&](const boot_step& boot) { advance_boot(boot.until, now); },
                              [&](const expect_step& expect) { advance_expect(expect, now); },
                              [&](const send_step& send) { advance_send(send, now); },
                              [&](const login_step& login) { advance_login(login, now); },
                              [&](const command_step&) { advance_command(now); },
                              [&](const upload_step&) { advance_transfer(now); },
                              [&](const download_step&) { advance_transfer(now); },
                              [&](const measure_step&) { advance_measure(now); },
                              [&](const warm_step&) { advance_warm(now); },
                              [&](const reboot_step& reboot) { advance_reboot(reboot, now); },
                              [&](const poweroff_step&) { advance_poweroff(now); }},
                   current().action);
        type_out();
    } while (index_ != before);
}

/// Skips the step that begins where it was not chosen or its "when" does not hold.
bool engine::skip_unwanted(time_point now) {
    if (current().left_out) {
        skip_step(words_of_left_out, now, json::object());
        return true;
    }
    for (const auto& text : current().when) {
        if (const auto missing = find_missing(names_compared(text))) {
            skip_step(fmt::format("when: {}", missing->why), now, json::object());
            return true;
        }
        const auto condition = evaluate(parse_comparison(text),
                                        [this](std::string_view name) { return lookup(name); });
        if (condition.holds) continue;
        skip_step(fmt::format("when: {} does not hold", condition.explanation), now,
                  json::object());
        return true;
    }
    return false;
}

/// What asks for a value that there is none of must not run with the name in its place. That a step
/// before did not run is no fault of the guest's; that it ran and found nothing is.
bool engine::end_without_values(time_point now) {
    const auto missing = find_missing(names_needed(current()));
    if (!missing) return false;
    if (outcomes_.at(missing->source) == step_outcome::skipped)
        skip_step(missing->why, now, json::object());
    else
        fail_step(run_outcome::failed, missing->why, now);
    return true;
}

void engine::pass_step(time_point now, json details) {
    finish_step(step_outcome::passed, {}, now, std::move(details));
    begin_next_step(now);
}

void engine::begin_next_step(time_point now) {
    if (index_ + 1 == scenario_.steps.size()) return end_run(now);
    ++index_;
    begin_step(now);
}

void engine::skip_step(const std::string& reason, time_point now, json details) {
    finish_step(step_outcome::skipped, reason, now, std::move(details));
    begin_next_step(now);
}

void engine::fail_step(run_outcome run, const std::string& why, time_point now, json details) {
    const auto& sigill = sigill_.this_step();
    const auto reason = sigill.empty() ? why : fmt::format("{}; {}", why, sigill);
    const bool lost = run == run_outcome::infra_error;
    const bool out_of_time = run == run_outcome::timed_out || run == run_outcome::hung;
    const auto& failed = current();
    const auto lines = excerpt(console_, excerpt_lines);
    details["excerpt"] = lines;
    finish_step(out_of_time ? step_outcome::timed_out : step_outcome::failed, reason, now,
                std::move(details));
    if (!evidence_.failed_step || lost) {
        evidence_.failed_step =
            deciding_step{failed.name, run, reason + before_that(evidence_.failed_step)};
        failed_excerpt_ = lines;
    }
    if (!failed.continue_on_failure || lost || index_ + 1 == scenario_.steps.size() ||
        scenario_is_out_of_time(now))
        return end_run(now);
    ++index_;
    begin_step(now);
}

void engine::finish_step(step_outcome outcome, const std::string& reason, time_point now,
                         json details) {
    step_running_ = false;
    outcomes_[index_] = outcome;
    if (!unpassed_step_ && (outcome == step_outcome::failed || outcome == step_outcome::timed_out))
        unpassed_step_ = index_;
    console_.stop_expecting();
    settle_deadline_.reset();
    const auto elapsed = std::chrono::duration<double>(now - step_budget_.began()).count();
    details.update({{"index", index_},
                    {"name", current().name},
                    {"kind", current().kind},
                    {"outcome", name_of(outcome)},
                    {"seconds", elapsed}});
    if (!reason.empty()) details["reason"] = reason;
    if (const auto delay_s = step_delay_s(now)) details["host_delay_s"] = *delay_s;
    emit("step_finished", std::move(details), now);
}

/// Nothing more is to be done: the steps that did not run are told, and the machine is ended.
void engine::end_run(time_point now) {
    if (std::exchange(steps_done_, true)) return;
    if (step_running_)
        finish_step(step_outcome::failed,
                    evidence_.interrupted     ? "interrupted"
                    : evidence_.fatal_failure ? evidence_.fatal_failure->title
                                              : "the run was ended",
                    now, {{"excerpt", excerpt(console_, excerpt_lines)}});
    ++index_;
    skip_the_rest(now);
    if (!evidence_.qemu) {
        evidence_.ended_by_us = true;
        machine_.stop();
    }
}

void engine::skip_the_rest(time_point now) {
    for (; index_ < scenario_.steps.size(); ++index_)
        emit("step_finished",
             {{"index", index_},
              {"name", current().name},
              {"kind", current().kind},
              {"outcome", name_of(step_outcome::not_run)},
              {"seconds", 0}},
             now);
}

void engine::emit(const std::string& type, json data, time_point now) {
    sink_({now, type, std::move(data)});
}

Duration engine::scaled(Duration timeout) const {
    return std::chrono::duration_cast<Duration>(timeout * options_.timeout_multiplier);
}

}  // namespace qh
