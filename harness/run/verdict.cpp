#include "run/verdict.hpp"

namespace qh {
namespace {

std::string during(const std::string& step) {
    return step.empty() ? "" : fmt::format(" during step \"{}\"", step);
}

/// What QMP and the status say of a machine that nobody asked to end.
std::optional<verdict> judge_ending(const evidence& e) {
    const auto where = during(e.step_in_progress);
    if (e.ended_by_us) return std::nullopt;
    if (e.shutdown_reason == "guest-reset")
        return verdict{run_outcome::reset, "the guest rebooted unasked" + where};
    if (e.shutdown_reason == "guest-panic")
        return verdict{run_outcome::failed,
                       fmt::format("the guest ended the machine with failure code {}{}",
                                   e.qemu ? e.qemu->code : 0, where)};
    if (e.shutdown_reason == "guest-shutdown") {
        if (e.poweroff_expected) return std::nullopt;
        return verdict{run_outcome::failed, "the guest powered itself off" + where};
    }
    if (!e.qemu) return verdict{run_outcome::infra_error, "QEMU was never started"};
    return verdict{run_outcome::infra_error,
                   fmt::format("QEMU {} without a word from the guest{}", e.qemu->text(), where)};
}

}  // namespace

verdict judge(const evidence& e) {
    if (e.fatal_failure)
        return {run_outcome::panicked,
                fmt::format("{}{}{}", e.fatal_failure->title,
                            e.fatal_site.empty() ? "" : " in " + e.fatal_site,
                            during(e.step_in_progress))};
    if (e.interrupted)
        return {run_outcome::interrupted, "interrupted" + during(e.step_in_progress)};
    if (e.failed_step)
        return {e.failed_step->outcome,
                fmt::format("step \"{}\": {}", e.failed_step->name, e.failed_step->reason)};
    if (auto ending = judge_ending(e)) return *ending;
    if (e.qemu && !e.ended_by_us && !e.qemu->clean())
        return {run_outcome::infra_error,
                fmt::format("QEMU {} after the guest's shutdown", e.qemu->text())};
    return {run_outcome::passed, {}};
}

}  // namespace qh
