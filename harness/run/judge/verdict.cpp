#include "run/judge/verdict.hpp"

#include "run/guest/exit_text.hpp"
#include "run/guest/sigill_watch.hpp"

namespace qh {
namespace {

std::string during(const std::string& step) {
    return step.empty() ? "" : fmt::format(" during step \"{}\"", step);
}

std::string told_by(const deciding_step& step) {
    return fmt::format("step \"{}\": {}", step.name, step.reason);
}

/// What QMP says the guest itself did to end the machine, and should not have.
std::optional<verdict> judge_guest(const evidence& e) {
    const auto where = during(e.step_in_progress);
    if (e.shutdown_reason == "guest-reset")
        return verdict{run_outcome::reset, "the guest rebooted unasked" + where};
    if (e.shutdown_reason == "guest-panic" && e.qemu->code != 0 && !e.qemu->signalled)
        return verdict{
            run_outcome::failed,
            fmt::format("the guest ended the machine with failure code {}{}", e.qemu->code, where)};
    if (e.shutdown_reason == "guest-panic")
        return verdict{run_outcome::failed, "the guest ended the machine with a failure" + where};
    if (e.shutdown_reason == "guest-shutdown" && !e.poweroff_expected && !e.ended_by_us)
        return verdict{run_outcome::failed, "the guest powered itself off" + where};
    return std::nullopt;
}

/// What is wrong with the end of QEMU where neither the guest nor we have ended it.
std::optional<verdict> judge_qemu(const evidence& e) {
    if (e.ended_by_us) return std::nullopt;
    const auto where = during(e.step_in_progress);
    if (e.shutdown_reason.empty())
        return verdict{
            run_outcome::infra_error,
            fmt::format("QEMU {} without a word from the guest{}", e.qemu->text(), where)};
    if (e.shutdown_reason != "guest-shutdown")
        return verdict{run_outcome::infra_error,
                       fmt::format("QEMU {}, which the guest did not ask for (QMP: {}){}",
                                   e.qemu->text(), e.shutdown_reason, where)};
    if (!e.qemu->clean())
        return verdict{run_outcome::infra_error,
                       fmt::format("QEMU {} after the guest's shutdown", e.qemu->text())};
    return std::nullopt;
}

run_outcome outcome_of(const failure& failure) {
    if (failure.by_scenario) return run_outcome::failed;
    if (failure.kind == "reset") return run_outcome::reset;
    if (failure.kind == "image") return run_outcome::infra_error;
    const bool is_panic = failure.title.starts_with("Kernel panic");
    if (failure.kind == "emergency" ||
        (!is_panic && (failure.kind == "no-root" || failure.kind == "no-init")))
        return run_outcome::failed;
    // The kernel panics when process 1 dies; what ended the work was that program's fault.
    if (is_crash(128 + signal_of_init(failure.title))) return run_outcome::crashed;
    return run_outcome::panicked;
}

verdict judge_failure(const evidence& e) {
    const auto& failure = *e.fatal_failure;
    if (!e.host_excuse.empty())
        return {run_outcome::infra_error,
                failure.title + during(e.step_in_progress) + ": " + e.host_excuse};
    return {outcome_of(failure),
            failure.title + (e.fatal_site.empty() ? "" : " in " + e.fatal_site) +
                during(e.step_in_progress) + (e.explanation.empty() ? "" : ": " + e.explanation)};
}

/// A machine that ended of itself decides also where an earlier step had failed and the run went
/// on: the steps that were left never had their chance.
verdict after(const std::optional<deciding_step>& earlier, verdict ending) {
    ending.reason += before_that(earlier);
    return ending;
}

}  // namespace

std::string before_that(const std::optional<deciding_step>& earlier) {
    return earlier ? fmt::format(" (before that, {})", told_by(*earlier)) : "";
}

verdict judge(const evidence& e) {
    if (e.fatal_failure) return judge_failure(e);
    if (e.interrupted)
        return {run_outcome::interrupted, "interrupted" + during(e.step_in_progress)};
    if (!e.qemu) return {run_outcome::infra_error, "QEMU was never started"};
    const auto by_guest = judge_guest(e);
    const auto by_qemu = judge_qemu(e);
    const bool all_done = e.poweroff_expected && e.shutdown_reason == "guest-shutdown";
    const bool steps_were_left = !e.ended_by_us && !all_done;
    if (steps_were_left && by_guest) return after(e.failed_step, *by_guest);
    if (steps_were_left && by_qemu) return after(e.failed_step, *by_qemu);
    if (e.failed_step) return {e.failed_step->outcome, told_by(*e.failed_step), true};
    if (by_guest) return *by_guest;
    if (by_qemu) return *by_qemu;
    return {run_outcome::passed, {}};
}

}  // namespace qh
