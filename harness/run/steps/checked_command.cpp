#include "run/steps/checked_command.hpp"

#include <fmt/format.h>
#include <signal.h>

#include "base/enum_names.hpp"
#include "console/shown_text.hpp"
#include "run/guest/exit_text.hpp"
#include "run/judge/excerpt.hpp"
#include "run/judge/step_check.hpp"
#include "run/steps/measuring.hpp"

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

json describe(const channel_result& result, bool stderr_apart) {
    json details = {{"output", shortened_output(result.output)}};
    if (result.problem.empty()) details["exit"] = result.status;
    if (result.dropped_bytes > 0) details["output_dropped_bytes"] = result.dropped_bytes;
    if (stderr_apart) details["stderr"] = shortened_output(result.errors);
    if (result.dropped_error_bytes > 0)
        details["stderr_dropped_bytes"] = result.dropped_error_bytes;
    return details;
}

/// A terminal is the command's standard output, so it may colour and redraw. The journal has its
/// bytes.
channel_result as_shown(channel_result result) {
    result.output = shown_text(std::move(result.output));
    result.errors = shown_text(std::move(result.errors));
    return result;
}

}  // namespace

checked_command::checked_command(const step& step, shell_request request)
    : step_(step), request_(std::move(request)) {}

void checked_command::begin(guest& on) {
    auto request = request_;
    request.code = on.filled(request.code);
    on.shell.execute(std::move(request), on.now);
}

std::optional<step_end> checked_command::advance(guest& on) {
    if (auto end = shell_problem(on)) return end;
    if (auto result = on.shell.take_result()) held_result_ = as_shown(std::move(*result));
    if (!held_result_ || may_yet_be_explained(*held_result_, on)) return std::nullopt;
    explanation_deadline_.reset();
    return finish(*std::exchange(held_result_, std::nullopt), on);
}

/// The kernel's words on a SIGILL come over the console, and may lag behind the result.
bool checked_command::may_yet_be_explained(const channel_result& result, guest& on) {
    const bool is_wanted = !step_.exit || step_.exit == result.status;
    const bool died_of_it =
        result.status == sigill_status && !is_wanted && on.sigill.this_step().empty();
    if (!died_of_it && !on.sigill.awaits_trace()) return false;
    if (!explanation_deadline_) explanation_deadline_ = on.now + explanation_time;
    return on.now < *explanation_deadline_;
}

std::optional<step_end> checked_command::finish(const channel_result& result, guest& on) {
    on.console.read_all();
    step_end so_far;
    so_far.details = describe(result, request_.stderr_apart);
    if (!result.problem.empty())
        return step_end::failed(run_outcome::failed, result.problem, std::move(so_far.details));
    on_output(result, so_far, on);
    auto end = check(result, so_far, on);
    if (!end) {
        begin(on);
        return advance(on);
    }
    end->told.insert(end->told.begin(), so_far.told.begin(), so_far.told.end());
    return end;
}

/// Nothing: the command is to be measured once more.
std::optional<step_end> checked_command::check(const channel_result& result, step_end so_far,
                                               guest& on) {
    auto& details = so_far.details;
    if (step_.parse && result.dropped_bytes > 0)
        return step_end::failed(run_outcome::failed,
                                "the output is too long for its results to be told",
                                std::move(details));
    const auto check = check_step(
        step_, result.status, result.output, result.errors,
        [&](std::string_view name) { return on.values.lookup(name); }, measured_);
    on.values.take(check.captured);
    if (!check.captured.empty()) details["captures"] = check.captured;
    for (const auto& one : check.results) details["results"].push_back(describe(one));
    if (!check.skipped.empty()) return step_end::skipped(check.skipped, std::move(details));
    if (!check.reason.empty()) {
        const bool crashed = step_.exit != result.status && is_crash(result.status);
        const bool unexplained =
            crashed && result.status == sigill_status && on.sigill.this_step().empty();
        return step_end::failed(
            crashed ? run_outcome::crashed : run_outcome::failed,
            unexplained ? fmt::format("{}; {}", check.reason, nothing_said) : check.reason,
            std::move(details));
    }
    if (step_.measure && !measured_.complete(*step_.measure)) return std::nullopt;
    return end_measuring(step_, measured_, std::move(details));
}

}  // namespace qh
