// What a step of each kind does, and how it ends.
#include <signal.h>

#include "base/text.hpp"
#include "run/engine.hpp"
#include "run/guest/exit_text.hpp"
#include "scenario/comparison.hpp"

namespace qh {
namespace {

using namespace std::chrono_literals;

constexpr int sigill_status = 128 + SIGILL;
/// The kernel prints before it lets a program die; this is for the bytes on their way.
constexpr auto explanation_time = 500ms;

json describe(const sub_result& result) {
    json object = {{"name", result.name}, {"outcome", name_of(result.outcome)}};
    if (!result.reason.empty()) object["reason"] = result.reason;
    return object;
}

}  // namespace

void engine::advance_boot(boot_state until, time_point now) {
    if (until == boot_state::shell) {
        if (shell_.ready()) return pass_step(now);
        if (!shell_.problem().empty())
            return fail_step(run_outcome::infra_error, shell_.problem(), now);
        if (boot_.prompt_deadline() && now >= *boot_.prompt_deadline()) shell_.open(now);
    } else if (boot_.reached() && *boot_.reached() >= until) {
        return pass_step(now);
    }
    nudge(now);
}

/// A prompt that kernel messages have buried shows itself again after an Enter.
void engine::nudge(time_point now) {
    if (!boot_.nudge_deadline() || now < *boot_.nudge_deadline()) return;
    boot_.on_nudged(now);
    const bool wants_question = std::holds_alternative<login_step>(current().action);
    if (!(wants_question || awaits_shell()) || !shell_.at_prompt()) return;
    activity_.on_nudged(now);
    type("\r");
}

/// Whether a prompt that comes to rest now is the shell that the step waits for.
bool engine::awaits_shell() const {
    if (const auto* boot = std::get_if<boot_step>(&current().action))
        return boot->until == boot_state::shell;
    if (const auto* reboot = std::get_if<reboot_step>(&current().action))
        return !rebooting_ && reboot->until == boot_state::shell;
    return std::holds_alternative<login_step>(current().action) && login_.may_be_in();
}

/// Whether silence now may hide a prompt.
bool engine::may_nudge() const {
    if (std::holds_alternative<login_step>(current().action)) return !login_.may_be_in();
    return std::holds_alternative<boot_step>(current().action) ||
           (std::holds_alternative<reboot_step>(current().action) && !rebooting_);
}

void engine::advance_expect(const expect_step& expect, time_point now) {
    if (std::exchange(command_begun_, true)) return;
    console_.expect(expect.patterns);
    settle_deadline_ = now;
}

void engine::finish_expect(const expectation::match& match, time_point now) {
    if (std::holds_alternative<login_step>(current().action)) return answer_login(match, now);
    const auto& expect = std::get<expect_step>(current().action);
    take(match.groups);
    json details = json::object();
    if (!match.groups.empty()) details["captures"] = match.groups;
    const auto said =
        fmt::format("/{}/ came: {}", expect.patterns[match.pattern].regex, printable(match.line));
    switch (expect.outcomes[match.pattern]) {
        case expect_outcome::pass:
            return pass_step(now, std::move(details));
        case expect_outcome::fail:
            return fail_step(run_outcome::failed, said, now, std::move(details));
        case expect_outcome::skip:
            return skip_step(said, now, std::move(details));
    }
}

void engine::advance_send(const send_step& send, time_point now) {
    if (!shell_.at_prompt()) return shell_.leave(now);
    type(filled(send.text));
    pass_step(now);
}

void engine::advance_command(time_point now) {
    if (!std::exchange(command_begun_, true)) {
        auto command = std::get<command_step>(current().action);
        command.code = filled(command.code);
        shell_.execute(std::move(command), now);
    }
    if (!shell_.problem().empty())
        return fail_step(run_outcome::infra_error, shell_.problem(), now);
    if (auto result = shell_.take_result()) held_result_ = std::move(result);
    if (!held_result_ || may_yet_be_explained(*held_result_, now)) return;
    explanation_deadline_.reset();
    finish_command(*std::exchange(held_result_, std::nullopt), now);
}

/// The kernel's words on a SIGILL come over the console, and may lag behind the result.
bool engine::may_yet_be_explained(const channel_result& result, time_point now) {
    const bool is_wanted = !current().exit || current().exit == result.status;
    const bool died_of_it =
        result.status == sigill_status && !is_wanted && sigill_.this_step().empty();
    if (!died_of_it && !sigill_.awaits_trace()) return false;
    if (!explanation_deadline_) explanation_deadline_ = now + explanation_time;
    return now < *explanation_deadline_;
}

void engine::advance_poweroff(time_point now) {
    if (!std::exchange(command_begun_, true))
        execute("sync; poweroff -f 2>/dev/null || poweroff || [ $? -gt 128 ] || halt -p", now);
    if (!shell_.problem().empty())
        return fail_step(run_outcome::infra_error, shell_.problem(), now);
    const auto result = shell_.take_result();
    if (result && is_refusal(result->status))
        fail_step(run_outcome::failed, "the guest cannot power off: " + status_text(result->status),
                  now, {{"output", printable(result->output)}});
}

void engine::finish_command(channel_result result, time_point now) {
    const auto& command = std::get<command_step>(current().action);
    console_.read_all();
    json details = {{"exit", result.status}, {"output", shortened_output(result.output)}};
    if (result.dropped_bytes > 0) details["output_dropped_bytes"] = result.dropped_bytes;
    if (command.stderr_apart) details["stderr"] = shortened_output(result.errors);
    if (result.dropped_error_bytes > 0)
        details["stderr_dropped_bytes"] = result.dropped_error_bytes;
    if (!result.problem.empty()) {
        details.erase("exit");
        return fail_step(run_outcome::failed, result.problem, now, std::move(details));
    }
    if (command.language == command_step::language::facts) {
        add_facts(result.output, now);
        details = json::object();
    }
    if (current().parse && result.dropped_bytes > 0)
        return fail_step(run_outcome::failed, "the output is too long for its results to be told",
                         now, std::move(details));
    const auto check = check_step(
        current(), result.status, result.output, result.errors,
        [this](std::string_view name) { return lookup(name); }, measured_);
    take(check.captured);
    if (!check.captured.empty()) details["captures"] = check.captured;
    for (const auto& one : check.results) details["results"].push_back(describe(one));
    if (!check.skipped.empty()) return skip_step(check.skipped, now, std::move(details));
    if (!check.reason.empty()) {
        const bool crashed = current().exit != result.status && is_crash(result.status);
        const bool unexplained =
            crashed && result.status == sigill_status && sigill_.this_step().empty();
        return fail_step(
            crashed ? run_outcome::crashed : run_outcome::failed,
            unexplained ? fmt::format("{}; {}", check.reason, nothing_said) : check.reason, now,
            std::move(details));
    }
    if (current().measure && !measured_.complete(*current().measure)) {
        command_begun_ = false;
        return advance_command(now);
    }
    finish_measuring(now, std::move(details));
}

/// Tells what was measured, and holds it against its limits.
void engine::finish_measuring(time_point now, json details) {
    if (!current().measure) return pass_step(now, std::move(details));
    for (auto measurement : measured_.results(*current().measure)) {
        measurement["step"] = current().name;
        emit("measurement", std::move(measurement), now);
    }
    const auto broken = measured_.broken_limit(*current().measure);
    if (broken.empty()) return pass_step(now, std::move(details));
    fail_step(run_outcome::failed, broken, now, std::move(details));
}

void engine::advance_measure(time_point now) {
    const auto names = [this](std::string_view name) { return lookup(name); };
    for (const auto& text : current().checks) {
        const auto comparison = evaluate(parse_comparison(text), names);
        if (!comparison.holds)
            return fail_step(run_outcome::failed, comparison.explanation + " does not hold", now);
    }
    const auto problem = measured_.add(*current().measure, "", names);
    if (!problem.empty()) return fail_step(run_outcome::failed, problem, now);
    finish_measuring(now, json::object());
}

/// Ends the command in progress; what it has printed so far, for the record.
json engine::interrupt_command(time_point now) {
    json details = json::object();
    if (const auto output = shell_.output_so_far(); !output.empty())
        details["output"] = shortened_output(output);
    shell_.interrupt(now);
    return details;
}

}  // namespace qh
